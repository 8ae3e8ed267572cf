"""Words about money in the languages of a harbour: lower case, without accents, as `lettering.as_read` returns them."""

from __future__ import annotations

from typing import Final

from castoff.contract.lettering import as_read

_STRONG: Final = """
accounting bargeld barter billable billed billing breakeven brokerage bucks budgeted cashback cashapp cents
cheque cheques cmsn commission commissions compensation cost costing costings costs credit credits debit debt debts
deposit
deposits discount discounted discounts disbursement dividend dollar dollars downpayment earned earning earnings ebitda
escrow euro euros expense expenses fee fees finance financed finances financial financially gratuities gratuity
gross honorarium iban income incomes installment installments instalment instalments invoice invoiced invoices
invoicing
kickback margin margins markup markups money moneys monies nett overcharge overcharged overhead overheads overpaid
overpay owe owed owes owing paid paycheck payable payables payee payment payments payout payouts payroll paypal pmt
pmts
pnl prepaid prepay prepayment price priced prices pricing pricey profit profitable profits pymt quid rebate rebates
receipt
receipts receivable receivables refund refundable refunded refunding refunds reimburse reimbursed reimbursement
remuneration repaid repay retainer revenue revenues royalties royalty salaries salary stipend stipends subtotal
subtotals surcharge surcharges tariff tariffs taxable taxed taxes tenner turnover underpaid unpaid upcharge usd vat
venmo wage wages zelle tax
eur gbp chf mxn jpy nzd cny rmb pesos peso rubles roubles rupees rupee kroner kronor zloty zlotys yen yuan baht
precio precios tarifa tarifas pagado pagados pagada pago pagos pagar pagan cobro cobros cobrar cobrado propina propinas
coste costes costo costos factura facturas deposito depositos anticipo saldo ingresos ganancia ganancias dinero
efectivo
comision comisiones reembolso descuento honorarios sueldo importe dolares abono abonado cuota presupuesto
preis preise preises gebuhr gebuhren gebuehr gebuehren bezahlt bezahlen zahlung zahlungen zahlt zahlen anzahlung
kaution
trinkgeld trinkgelder kosten kostet rechnung rechnungen honorar umsatz betrag betrage summe gewinn lohn gehalt rabatt
restzahlung restbetrag geld erlos einnahmen einnahme ausgaben netto brutto mwst vergutung anteil
prix tarifs tarif frais paye payer payes paiement paiements acompte arrhes pourboire pourboires cout couts facture
facturer
montant montants solde benefice remise argent especes virement remboursement rembourse rembourser salaire encaisse
prezzo prezzi tariffa tariffe costi pagato pagata pagamento pagamenti acconto caparra mancia fattura fatture
incasso ricavo ricavi guadagno provvigione provvigioni compenso rimborso soldi contanti importo sconto cauzione spese
preco precos taxa taxas pagamentos gorjeta gorjetas custo custos fatura faturas lucro comissao dinheiro
caucao desconto salario
prijs prijzen tarieven tarief betaald betaling betalen aanbetaling borgsom fooi fooien factuur facturen omzet winst
vergoeding bedrag korting
ceny oplata oplaty zaplacono zaplata zaliczka napiwek napiwki koszt koszty faktura faktury kwota prowizja zysk wplata
kaucja gotowka
pris priset prisen priser avgift avgifter betalt betald betalning betaling depositum drikkepenge kostnad kostnader
omkostning omkostninger gebyr handpenning
fiyat ucret odeme depozito bahsis kapora komisyon
presyo bayad
ebit accounts remittance remittances liquidar liquidado liquidada saldare saldato openstaand uberweisung uberweisungen
ueberweisung bonifico bonifici transferencia transferencias overboeking przelew etransfer takehome
mobilepay revolut klarna twint bizum sumup payoneer alipay applepay googlepay vipps giropay interac paytm gpay gcash
mpesa moneygram
"""
"""About money wherever they stand."""

_ANY_SCRIPT: Final = """
цена цены цену цене стоимость стоит оплата оплату оплачено оплатил оплатили плата плату заплатил
заплатили предоплата
предоплату аванс депозит залог чаевые комиссия комиссию комиссии выручка доход доходы прибыль сумма
сумму итого деньги
наличные наличными руб рублей рубля долларов евро скидка гонорар зарплата счет счета расходы
τιμη τιμες αμοιβη πληρωμη πληρωθηκε πληρωσε πληρωνει προκαταβολη κοστος τιμολογιο συνολο φιλοδωρημα
πουρμπουαρ εσοδα
κερδος χρηματα ευρω μετρητα εκπτωση προμηθεια
"""  # noqa: RUF001 - Russian letters, and meant
"""Words of other scripts: Russian, Greek."""

_WITHIN: Final = """
价格 價格 价钱 價錢 费用 費用 收费 收費 已付 付款 支付 付清 定金 订金 訂金 押金 小费 小費 成本 发票
發票 总计 總計 总额 總額
收入 利润 利潤 佣金 人民币 人民幣 美元 欧元 退款 折扣 现金 現金 工资 工資 营业额 余额 餘額
料金 価格 値段 支払 お金 前金 手付金 保証金 チップ 請求 領収 合計 売上 利益 手数料 入金 返金 割引 報酬
給料 運賃
요금 가격 비용 지불 결제 보증금 계약금 팁 청구서 합계 수입 수수료 환불 현금 이익 매출 급여 잔금
سعر أسعار رسوم مدفوع الدفع دفعة عربون إكرامية بقشيش تكلفة
فاتورة مجموع المبلغ إيراد أرباح عمولة دولار نقدا الثمن أجرة
מחיר תשלום שולם מקדמה טיפ עלות חשבונית עמלה
कीमत शुल्क भुगतान जमा रुपये राशि
ราคา ค่าธรรมเนียม เงิน ทิป
"""
"""Of scripts that write words together, or with what precedes them: Chinese, Japanese, Korean, Arabic, Hebrew, Thai."""

_CONDITIONAL: Final = """
advance amount amounts amt bal balance balances bill bills bonus bonuses budget cash charge charged charges charging
cod comm comms cut dep each fare fares grand half hourly hundred inv kr net pay paying pays pd provision quarter quota
quote quoted quotes rate rates ratio rent rev settle settled settlement share shares split splits sterling sum tab
third thousand tip tipped tipping tips tot total totals ttl worth fr sfr rs php cad aud sek nok dkk pln czk huf brl inr
rmb zl totaal totale razem somma toplam toll extra nets mark check checks percent pct percentage diem prozent procent
thirds transfer transfers ea apiece western
collect collects collected receive received gets sums extras numbers figures
"""
"""About money in some company only: `patterns` says in which."""

_CODES: Final = """
kr sfr rs rp php cad aud sek nok dkk pln czk huf brl inr rmb zl
aed afn ang aoa ars awg azn bbd bdt bgn bhd bif bmd bnd bsd btc bwp byn bzd cdf clp crc cve djf dop dzd egp etb fjd ghs
gmd gnf gtq gyd hkd hnl htg idr ils iqd irr isk jmd jod kes kgs khr kmf krw kwd kyd kzt lbp lkr lrd lyd mdl mga mkd mmk
mnt mur mvr mwk myr mzn ngn nio npr omr pab pgk pkr pyg qar rsd rub rwf scr sgd srd syp thb tnd ttd twd tzs uah ugx uyu
uzs ves vnd vuv xaf xcd xof xpf yer zar zmw
"""
CODES: Final = tuple(_CODES.split())
"""Codes of currencies that are no words, and signs written as letters: a figure stands before or behind them."""
HOMONYMS: Final = ("mad", "ron", "try", "cop", "bob", "pen", "gel", "bam", "sar", "lak", "sos")
"""Codes of currencies that are words or names besides: a figure and nothing else stands with them."""
_COINS: Final = """
lei leu leva lari dirham dirhams dinar dinars dinara riyal riyals rial rials shekel shekels nis ringgit rupiah dong rand
lira liras lire forint forints korun koruna koruny kc naira cedi cedis birr taka reais soles hryvnia tenge franc francs
franken crowns drams
"""
COINS: Final = tuple(_COINS.split())
"""Everyday names of currencies: a figure stands before them."""
SERVICES: Final = (
    *("stripe", "square", "swish", "wise", "wechat", "pix", "upi", "visa", "amex", "sepa", "zettle", "izettle"),
    *("monzo", "wire", "transfer"),
)
"""Ways to send money that are words or names besides: a sum stands behind them."""

_ENDINGS: Final = (
    *("revenue", "revenues", "fees", "payment", "payments", "costs", "price", "prices", "margin", "invoice", "deposit"),
    *(
        "zahlung",
        "preis",
        "preise",
        "gebuhr",
        "gebuhren",
        "gebuehr",
        "betrag",
        "rechnung",
        "kosten",
        "trinkgeld",
        "umsatz",
    ),
    *("avgift", "kostnad", "prijs", "bedrag", "captainfee", "crewfee", "bookingfee", "crewcost", "charterfee", "netto"),
)
"""How words end that are written together."""
_SHORTEST_COMPOUND: Final = 8

STRONG: Final = frozenset(as_read(_STRONG + _ANY_SCRIPT).split())
KNOWN: Final = STRONG | frozenset((*_CONDITIONAL.split(), *CODES, *HOMONYMS, *COINS, *SERVICES))
"""Every word that could make a line one about money: without any of them, and without a figure, it is none."""
WITHIN: Final = tuple(as_read(_WITHIN).split())


def is_strong(word: str) -> bool:
    """Tell whether a word is about money wherever it stands."""
    return word in STRONG or is_compound(word)


def is_compound(word: str) -> bool:
    """Tell whether a word is written together with one about money: `Gesamtpreis`, `captainfee`."""
    return len(word) >= _SHORTEST_COMPOUND and word.endswith(_ENDINGS)
