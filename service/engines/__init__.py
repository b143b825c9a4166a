"""Questions to answers in processes that may be ended at any moment: the front's side of them and theirs."""
