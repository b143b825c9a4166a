"""Text as people write it to one form for comparing: width, case, kana, old and new kanji, hyphens of telephone numbers."""

import re
import unicodedata

# Old or variant form and the common one; only characters that are the same word, never mere look-alikes.
VARIANTS = (
    "鑄鋳 會会 學学 國国 廣広 澤沢 濱浜 濵浜 邊辺 邉辺 齋斎 齊斉 櫻桜 龍竜 瀧滝 嶋島 嶌島 﨑崎 髙高 德徳 惠恵 實実 榮栄 萬万 與与 眞真 淵渕 藏蔵 豐豊 鐵鉄 關関 縣県 "
    "勞労 產産 舊旧 體体 處処 拂払 價価 假仮 經経 營営 銀銀 團団 區区 驛駅 醫医 藝芸 聲声 戰戦 變変 圓円 應応 歐欧 橫横 溫温 擴拡 覺覚 樂楽 氣気 舉挙 據拠 曉暁 徑径 輕軽 繼継 "
    "鷄鶏 劍剣 檢検 權権 驗験 號号 濟済 劑剤 雜雑 參参 蠶蚕 慘惨 贊賛 齒歯 兒児 濕湿 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 將将 稱称 燒焼 證証 奬奨 條条 狀状 乘乗 淨浄 剩剰 疊畳 釀醸 "
    "觸触 寢寝 愼慎 盡尽 圖図 粹粋 醉酔 穗穂 隨随 髓髄 樞枢 數数 瀨瀬 靜静 攝摂 專専 淺浅 踐践 錢銭 潛潜 纖繊 禪禅 祖祖 雙双 壯壮 莊荘 搜捜 裝装 總総 騷騒 增増 臟臓 卽即 屬属 續続 "
    "墮堕 對対 帶帯 滯滞 臺台 擇択 單単 擔担 膽胆 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑛鉱 聽聴 敕勅 鎭鎮 傳伝 轉転 點点 黨党 當当 燈灯 盜盗 稻稲 讀読 獨独 屆届 貳弐 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 "
    "髮髪 拔抜 蠻蛮 祕秘 佛仏 竝並 辨弁 辯弁 瓣弁 寶宝 豫予 餘余 譽誉 搖揺 樣様 謠謡 來来 賴頼 亂乱 覽覧 兩両 獵猟 綠緑 壘塁 禮礼 勵励 靈霊 齡齢 曆暦 歷歴 戀恋 爐炉 樓楼 郞郎 祿録 彌弥 吳呉 晉晋 冨富 ヶケ"
)
HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ"))}
FOLDED = str.maketrans({pair[0]: pair[1] for pair in VARIANTS.split()}) | HIRAGANA | {ord("ヶ"): "け", ord("ヵ"): "か"}
# How letterheads shorten legal forms, after folding
LEGAL_FORMS = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(独)": "独立行政法人",
    "(地独)": "地方独立行政法人",
    "(一社)": "一般社団法人",
    "(一財)": "一般財団法人",
    "(公社)": "公益社団法人",
    "(公財)": "公益財団法人",
}
SHORT_FORM = re.compile("|".join(map(re.escape, LEGAL_FORMS)))
DASHES = re.compile(r"(?<=\d)[\s()\-‐‑–—−ー・.]+(?=\d)")
SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")  # control characters end a string in SQLite


def fold(text: str) -> str:
    """The form in which texts are indexed and compared."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(FOLDED)
    plain = SHORT_FORM.sub(lambda match: LEGAL_FORMS[match[0]], plain)
    return SPACES.sub(" ", plain).strip()


def fold_number(text: str) -> str:
    """A telephone number as digits alone; other text is only folded."""
    return DASHES.sub("", fold(text).lstrip("("))


def bigrams(text: str) -> str:
    """Overlapping pairs of characters, word by word, for an index that knows no words: ``融資枠`` → ``融資 資枠``."""
    return " ".join(word[i : i + 2] for word in text.split(" ") for i in range(max(1, len(word) - 1)))


def letters(text: str) -> str:
    """The characters of a text, each once, for words of one letter."""
    return " ".join(sorted(set(text.replace(" ", ""))))
