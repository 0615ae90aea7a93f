"""What systems call the columns of an interval file, in English, Chinese and the languages of its neighbours."""

from collections.abc import Sequence

from portal.kit.text import fold

NAMES: dict[str, frozenset[str]] = {
    "moment": frozenset({
        "datetime", "dateandtime", "datetimestamp", "timestamp", "intervalstart", "starttime", "start", "interval",
        "日期時間", "日期时间", "時間戳", "时间戳", "時間戳記", "時段", "时段", "開始時間", "开始时间", "區間", "区间",
        "zeitstempel", "datumuhrzeit", "datumzeit", "beginn", "dateheure", "horodatage", "debut", "fechahora",
        "fechayhora", "inicio", "datahora", "dataora", "日時", "開始日時",
    }),
    "date": frozenset({
        "date", "day", "calldate", "日期", "日", "datum", "tag", "jour", "fecha", "dia", "data", "giorno", "日付",
    }),
    "time": frozenset({
        "time", "hour", "timeofday", "halfhour", "時間", "时间", "時刻", "时刻", "uhrzeit", "zeit", "stunde", "heure",
        "hora", "ora", "tijd",
    }),
    "count": frozenset({
        "calls", "callcount", "callsoffered", "count", "contacts", "volume", "offered", "emails", "chats", "tickets",
        "messages", "進線量", "进线量", "呼入量", "來電數", "来电数", "來電量", "来电量", "通話數", "通话数", "通話量",
        "话务量", "話務量", "數量", "数量", "服務量", "服务量", "聯絡量", "联络量", "件數", "件数", "信件數", "邮件数",
        "anrufe", "anzahl", "kontakte", "appels", "nombre", "appelsrecus", "contactos", "llamadas", "cantidad",
        "chamadas", "quantidade", "chiamate", "numero", "oproepen", "aantal", "着信数", "呼量",
    }),
    "queue": frozenset({
        "channel", "queue", "queuename", "skill", "skillgroup", "split", "line", "通路", "渠道", "佇列", "队列", "隊列",
        "技能組", "技能组", "服務線", "服务线", "warteschlange", "kanal", "canal", "file", "cola", "fila", "coda",
        "canale", "wachtrij", "チャネル", "キュー",
    }),
    "aht": frozenset({
        "aht", "ahts", "ahtsec", "ahtseconds", "averagehandletime", "averagehandlingtime", "handletime",
        "avghandletime", "平均處理時間", "平均处理时间", "平均處理時長", "平均处理时长", "處理時間", "处理时间",
        "bearbeitungszeit", "dmt", "tmo", "平均処理時間",
    }),
}  # fmt: skip
"""By what a column is for. Headings are compared folded, without accents, blanks and punctuation."""

_ACCENTS = str.maketrans("àâäáãåèêëéìîïíòôöóõùûüúçñ", "aaaaaaeeeeiiiiooooouuuucn")
CHANNEL_WORDS: dict[str, frozenset[str]] = {
    "phone": frozenset({"phone", "voice", "call", "calls", "telephone", "電話", "电话", "語音", "语音", "telefon"}),
    "email": frozenset({"email", "mail", "電郵", "電子郵件", "邮件", "电子邮件"}),
    "chat": frozenset({"chat", "webchat", "livechat", "線上客服", "在线客服", "聊天", "文字客服"}),
    "social": frozenset({"social", "socialmedia", "社群", "社交媒體", "社交媒体"}),
}


def plain(heading: str) -> str:
    """A heading as it is compared; what stands in brackets is a unit and left out."""
    text = fold(heading).partition("(")[0] or fold(heading)
    return "".join(c for c in text.translate(_ACCENTS) if c.isalnum())


def columns_named(heading: Sequence[str], use: str) -> list[int]:
    """Where the columns for a `use` (a key of NAMES) stand."""
    return [index for index, name in enumerate(heading) if plain(name) in NAMES[use]]


def queue_of_channel(queues: Sequence[str], channel: str) -> str | None:
    """The one queue that is called like the channel, if exactly one is."""
    found = [queue for queue in queues if plain(queue) in CHANNEL_WORDS.get(channel, frozenset())]
    return found[0] if len(found) == 1 else None
