topic-title = { $label }, pwnc
topic-place = , { $place } o { $of }
topic-all = Pob un: { $conversations }
topic-aliases = { $count ->
    [one] Mae 1 cyfeiriad hŷn yn dal i arwain yma.
   *[other] Mae { $count } cyfeiriad hŷn yn dal i arwain yma.
}
topic-unknown-none = dim negeseuon yn yr wythnosau hyn, neu mewn dim iaith hysbys
topic-unknown-language = yn ysgrifennu yn { $languages }, lle na ellir canfod y pwnc hwn eto
topic-bridge = hebddi, ni fyddai { $networks } wedi’u cysylltu â’r gweddill
topic-rank-at = { $title }: { $place } o { $of }
topic-rank-not = { $title }: ddim yn y rhestr hon
topic-born = Ganwyd
topic-grew = Tyfodd i ddwywaith ei faint
topic-merged-one = Unodd â phwnc arall
topic-merged-many = Unodd â { $others }
topic-merged = Unodd â
topic-split-one = Ymwahanodd oddi wrth bwnc arall
topic-split-many = Ymwahanodd oddi wrth { $others }
topic-split = Ymwahanodd oddi wrth
topic-renamed = Ailenwyd
topic-renamed-was = Ailenwyd; ei enw oedd “{ $was }”
topic-faded = Pylodd: nid oes neb wedi sôn amdano ers tro
topic-others = { $count } { $count ->
    [two] bwnc
    [few] phwnc
    [many] phwnc
   *[other] pwnc
} arall
topic-welcome = { $welcoming ->
    [0] O’r { $networks } hyn nid oes yr un wedi dweud bod croeso i newydd-ddyfodiaid.
    [one] O’r { $networks } hyn mae 1 wedi dweud bod croeso i newydd-ddyfodiaid.
   *[other] O’r { $networks } hyn mae { $welcoming } wedi dweud bod croeso i newydd-ddyfodiaid.
}
serves-areas = yn gwasanaethu { $count } ardal
serves = yn gwasanaethu { $areas }
topic-warned = { $networks ->
    [one] mae 1 rhwydwaith yn sôn
    [two] mae 2 rwydwaith yn sôn
   *[other] mae { $networks } rhwydwaith yn sôn
}

# topic.html
topic-kicker = Pwnc{ $place }
topic-no-list = Pwnc, ddim mewn rhestr heddiw
topic-voices = Beth mae pobl yn ei ddweud
topic-no-voices = Nid oes sgwrs yn ddigon agos at ganol y pwnc hwn i siarad drosto, neu ni cheir dyfynnu’r un.
topic-quotes = Un dyfyniad y rhwydwaith, 300 nod ar y mwyaf, fel yr ysgrifennwyd ef: y rhai agosaf at ganol y pwnc sy’n annhebyg i’w gilydd. Tynnwyd manylion personol allan cyn cadw dim.
topic-about = Am y pwnc hwn
topic-warning = Rhybudd cynnar
topic-warning-odds = Y tebygolrwydd o gymaint o siarad mewn wythnos gyffredin: { $networks } am hyn yn fwy nag arfer. <a href="/topics/warnings">Gwerth rhybudd</a>
topic-coordinated = { $because } Dywedwn beth a welwyd, byth pwy. Mae testunau sydd bron yr un fath yn cyfrif unwaith. <a href="/about#coordinated">Sut rydym yn sylwi ar hyn</a>
topic-take = Mynd ag ef gyda chi
topic-follow = Dilyn y pwnc hwn (Atom)
topic-search = Chwilio ynddo
topic-on-page = Ar y dudalen hon
topic-join-link = Ble i ymuno
topic-when-link = Pryd a ble
topic-could-link = Pwy allai siarad ac nad yw
topic-how-link = Pam ei fod yn y rhestr hon
topic-conversations-link = Sgyrsiau
topic-history-link = Hanes
topic-also = Trafodir hefyd yn
topic-not-translated = Ni chyfieithir dim.
topic-join = Ble i ymuno
topic-no-account = Nid oes angen cyfrif i ddarllen yn yr un ohonynt.
topic-quotes-lead = Mae pob dyfyniad uchod yn arwain i’r lle y dywedwyd ef.
topic-look-here = Edrychwch arno yma yn gyntaf<span class="govuk-visually-hidden">: { $title }</span>
topic-threads = Edefynnau ag atebion yn y pedair wythnos ddiwethaf. Gadewir allan y rhai y mae eu gwefan yn eu nodi’n gaeedig.
topic-no-threads = Ni chafodd yr un o’u hedefynnau ar y pwnc hwn ateb yn y pedair wythnos ddiwethaf tra’n dal ar agor.
topic-near = Pynciau cyfagos, a pham
topic-connected = Sut maent wedi’u cysylltu<span class="govuk-visually-hidden">: { $label }</span>
topic-within = Mae’n gorwedd o fewn <a class="tap" href="{ $href }">{ $label }</a> ({ $note }).
topic-finer = Pynciau manylach o’i fewn
topic-when = Pryd a ble
topic-over-time = Pob rhwydwaith, dros amser
topic-networks-table = Tabl: rhwydweithiau sy’n cymryd rhan
topic-networks = Rhwydweithiau sy’n cymryd rhan
mentions-unknown = Mae gormod o chwiliadau hir yn rhedeg ar hyn o bryd i chwilio am rwydweithiau sy’n sôn am bwnc wrth ei enw. Felly ni ddywedir yma fod neb nad yw’n cymryd rhan yn dawel; agorwch y dudalen eto ymhen munud.
topic-could = Pwy sy’n siarad, pwy allai ac nad yw
topic-speak = <span class="big">{ $speak }</span> yn siarad
topic-mention = { $count ->
    [one] Mae 1 arall yn ei grybwyll: mae chwilio am ei enw yn canfod rhywbeth yno.
   *[other] Mae { $count } arall yn ei grybwyll: mae chwilio am ei enw yn canfod rhywbeth yno.
}
topic-could-not = <span class="big">{ $could-words }</span> a allai, ac nad ydynt
topic-could-why = Mae gan bob un negeseuon ers { $since } mewn iaith y gellir canfod y pwnc hwn ynddi.
topic-not-comparable = <span class="big">{ $unknown-words }</span> na ellir eu cymharu
topic-not-silence = Ni wyddom. Nid distawrwydd ydyw.
topic-matrix = Pob rhwydwaith a phwnc mewn un tabl
topic-joining = Sgyrsiau sy’n uno rhwydweithiau
topic-bridge-at = <a href="{ $href }">{ $title }</a> yn { $network }: { $words }.
topic-why = Pam ei fod yn y rhestr hon, ac mewn dim un arall
topic-terms = Termau sy’n ei nodi:
topic-arithmetic = Y rhifyddeg
topic-arithmetic-how = Tair rhestr ar wahân, byth un. Mae copïau o’r un testun yn cyfrif unwaith, ac ni all yr un rhwydwaith gyfrif am fwy na’i gyfran. <a href="/about#lists">Sut y gwneir y rhestrau</a>.
topic-by-network = Sgyrsiau, yn ôl rhwydwaith
topic-none-shown = Ni ellir dangos sgwrs o’r pwnc hwn nawr.
topic-pages = Tudalennau sgyrsiau
topic-next = Sgyrsiau nesaf
topic-history = Hanes y pwnc hwn
topic-replies = { $count } ateb yn y pedair wythnos ddiwethaf
