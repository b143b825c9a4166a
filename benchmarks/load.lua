-- For wrk: the targets of a file one after the other; figures as one line of JSON.
local targets, place = {}, 0
local headers = { ["Accept"] = os.getenv("ACCEPT") }

function init()
  for line in io.lines(os.getenv("TARGETS")) do targets[#targets + 1] = wrk.format("GET", line, headers) end
end

function request()
  place = place % #targets + 1
  return targets[place]
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format('{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6, failed))
end
