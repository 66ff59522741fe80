compare-title = Cymharu
compare-refused = Ni ellir gwneud y gymhariaeth
comparison-title = Cymhariaeth
compare-nothing = Ni chanfuwyd dim ar unrhyw ochr.
compare-lead = { $sides }.
compare-in = { $conversations } yn { $letter }
compare-filters = Mae { $count } { $count ->
    [one] hidlydd
   *[other] hidlydd
} o’ch chwiliad yn dal ar gyfer pob ochr.
compare-too-small = Rhy fach i’w dangos: { $sides }.
compare-small-of = { $topics } o { $letter }
compare-everything = popeth
compare-best = Edrychwyd ar y { $count } { $count ->
    [one] cyfatebiaeth
   *[other] cyfatebiaeth
} orau.
compare-more = Mae { $count } arall yn y data.
compare-none-or-few = dim, neu rhy ychydig i’w dangos
when-ever = ar unrhyw adeg
when-since = ers { $day }
when-until = hyd { $day }
languages-title = Ieithoedd
topics-plain = Pynciau

# compare.html
compare-heading = Cymharu hyd at bum chwiliad, neu gyfnod
compare-fill = Llenwch ail chwiliad, ail gyfnod, neu’r ddau; wrth gymharu, bydd lle i un arall, hyd at bump. Mae’r hyn a adewch yn wag fel ar ochr A.
compare-words = Geiriau i’w canfod
compare-other-words = Geiriau i’w canfod, os yn wahanol i A
compare-change = Newid yr hyn a gymherir
compare-button = Cymharu
compare-swap = Cyfnewid A a B
compare-how-much = Faint
compare-empty = Nid oes dim sydd gennym yn cyfateb. Rhowch gynnig ar lai o eiriau neu eiriau eraill, neu gyfnod hwy.
compare-read = Eu darllen<span class="govuk-visually-hidden">, ochr { $letter }</span>
compare-differ = Ym mha eiriau y maent yn wahanol
compare-more-in = Mwy yn { $letter } nag yn y llall
compare-no-word = Nid oes gair cymaint amlach yma fel na allai fod yn hap.
compare-against = Yn erbyn popeth sydd gennym:
compare-number = Nifer y sgyrsiau sy’n cynnwys y gair yw’r rhif. Enwir geiriau lle mae o leiaf { $enough } yn eu defnyddio, a lle prin y gwnâi hap yn unig y gwahaniaeth.
compare-where = Ble, ac am beth
compare-rounded = Talgrynnir rhifau wrth eiriau i 5 o dan 50.
compare-without = Tynnu allan<span class="govuk-visually-hidden">, ochr { $letter }</span>
compare-more-than-others = Mwy yn { $letter } nag yn y lleill
