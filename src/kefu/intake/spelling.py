"""The spelling in which a customer's request is read."""

import re
from typing import Final

from kefu.guard.fold import flatten

_HEAD: Final = 1_000
_TAIL: Final = 500
_HAN: Final = "\u3400-\u9fff"
_SIMPLE: Final = str.maketrans(
    "來係倉個們備傳僅價償優內兩冊凍別則劃動務勞勵區卻參員問啟單嗎嚴圍圖團報壓壞夠奪學實審寫寶"
    "將專對導層師帳帶幣幫幹幾廢強彈後從復徵惡態憂憑應戰戶換損擇擔據擾敗於時曆會東桿極槓樣機檢"
    "櫃權欸歡歲歷歸氣沒測滯滿漲為無煩熱爛獎獨獲現環產異當發盡監盤確碼礙禍禮稅種窮競筆範簡簽約"
    "純級細終組結絕絡給統絲綁經維網緊緒線編緩練縮總績織繫繼續罰義習聖聯聲職聽腦腳臉臟臨臺與興"
    "舉舊華萬葉藝藥蘭處虛號虧蟲術衝裏補裡製複襲覆見規親覺觸訂計訊訓託記設許訴註詐評詢試話該詳"
    "認誒語誠誤說説誰調談請諒論諮謂講謝證識譯議護讀變讓豐貓貝負財貨責貴買貸費貼賀資賓賞賠賣質"
    "賬賴購贈趕跡躍車軍軟較載輕輝輪輯輸轉轟農迴這連週進運過達違遞遠適遲選還邊郵鄉鄰醫釋針鈕鉤"
    "銀銷錄錢錯鍵鍾鎊鎖鏈鐘鐵鑑鑽長門閃閉開閒間閱闊關陣陰陳陸隊階際隨險隱雖雙雜離難雲電霧靈靜"
    "韓響頁頂項順預頗領頭頸頻顆題額願類顧顯風飄飛養餓餘館駐駭騎騙驗驚體髮鬆鬥鬧魚鮮鳥麗麥麼麽"
    "黃點齊龍傾尋証喚訪諾擬拋掛撥銜輔鑰餵閙澀滾漏紀錄哋佢嚟搵揾嘅喺"
    "丟爭側兌決況準剛創刪卻厭嚇場塊堅壇娛崗棄懷戀懇惱戲戶執揚擁擋擠攬擺數暫條構棧標欄樹檔檻匯漢溝濟溫狀獅畫蓋礦磚稱穩竊紅節薦營慮視討譜貿賽贊讚贏蹤辭須饋馬駕屬囉嘗衛閨帥墊洩滅憂併佈佔週遊鬱",
    "来系仓个们备传仅价偿优内两册冻别则划动务劳励区却参员问启单吗严围图团报压坏够夺学实审写宝"
    "将专对导层师帐带币帮干几废强弹后从复征恶态忧凭应战户换损择担据扰败于时历会东杆极杠样机检"
    "柜权诶欢岁历归气没测滞满涨为无烦热烂奖独获现环产异当发尽监盘确码碍祸礼税种穷竞笔范简签约"
    "纯级细终组结绝络给统丝绑经维网紧绪线编缓练缩总绩织系继续罚义习圣联声职听脑脚脸脏临台与兴"
    "举旧华万叶艺药兰处虚号亏虫术冲里补里制复袭复见规亲觉触订计讯训托记设许诉注诈评询试话该详"
    "认诶语诚误说说谁调谈请谅论咨谓讲谢证识译议护读变让丰猫贝负财货责贵买贷费贴贺资宾赏赔卖质"
    "账赖购赠赶迹跃车军软较载轻辉轮辑输转轰农回这连周进运过达违递远适迟选还边邮乡邻医释针钮钩"
    "银销录钱错键钟镑锁链钟铁鉴钻长门闪闭开闲间阅阔关阵阴陈陆队阶际随险隐虽双杂离难云电雾灵静"
    "韩响页顶项顺预颇领头颈频颗题额愿类顾显风飘飞养饿余馆驻骇骑骗验惊体发松斗闹鱼鲜鸟丽麦么么"
    "黄点齐龙倾寻证唤访诺拟抛挂拨衔辅钥喂闹涩滚漏纪录们他来找找的在"
    "丢争侧兑决况准刚创删却厌吓场块坚坛娱岗弃怀恋恳恼戏户执扬拥挡挤揽摆数暂条构栈标栏树档槛汇汉沟济温状狮画盖矿砖称稳窃红节荐营虑视讨谱贸赛赞赞赢踪辞须馈马驾属啰尝卫闺帅垫泄灭忧并布占周游郁",
)
_BLANKS: Final = str.maketrans("-_\t\r\u3000", "     ")
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_SPREAD: Final = re.compile(f"(?<=[{_HAN}])[ .*·|/+]{{1,2}}(?=[{_HAN}](?:[ .*·|/+!]|$))")
_SPACES: Final = re.compile("[ \u00a0]{2,}")
_QUOTED: Final = re.compile("\"[^\"\n]{1,80}\"|(?<![^\\W_])'[^'\n]{2,60}'(?![^\\W_])")
QUOTE: Final = " \ue000 "
"""What stands for words in quotation marks: somebody else's, a button's, a title's."""


def spelled(text: str) -> str:
    """Return text as requests are read: folded, lower case, traditional characters simplified.

    Of a long text only its beginning and its end, where people say what they want.
    Cost: O(1,500 characters).
    """
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    low = flatten(text).low.translate(_BLANKS)
    if not low.isascii():
        low = _SPREAD.sub("", low.translate(_SIMPLE))
    if '"' in low or "'" in low:
        low = _unquoted(low).replace("'", " ")
    low = _DRAWN_OUT.sub(r"\1", low)
    return _SPACES.sub(" ", low).strip()


def spellings(written: str) -> set[str]:
    """Return how a word of the lexicon may stand in a spelled text."""
    low = flatten(written).low.translate(_BLANKS)
    low = low if low.isascii() else low.translate(_SIMPLE)
    return {low.replace("'", " "), low.replace("'", "")}


def _unquoted(low: str) -> str:
    whole = _QUOTED.fullmatch(low.strip())
    return low.strip()[1:-1] if whole else _QUOTED.sub(QUOTE, low)
