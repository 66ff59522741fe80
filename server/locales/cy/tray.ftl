tray-add = Ychwanegu at y hambwrdd<span class="govuk-visually-hidden">: { $title }</span>
tray-in = Yn eich hambwrdd
tray-out = Tynnu allan<span class="govuk-visually-hidden">: { $title }</span>
tray-full = Mae’ch hambwrdd yn llawn: mae’n dal { $most }.
tray-bar = Eich hambwrdd: { $count } o { $most }
tray-not-shown = { $count ->
    [one] Ni ddangosir 1 dyfyniad o’r hambwrdd hwn: fe’i tynnwyd yn ôl, ei guddio neu ei ddileu ers hynny, neu ni fu yno erioed. Ni ddywedir pa un.
   *[other] Ni ddangosir { $count } dyfyniad o’r hambwrdd hwn: fe’u tynnwyd yn ôl, eu cuddio neu eu dileu ers hynny, neu ni fuont yno erioed. Ni ddywedir pa rai.
}
tray-brief = Briff (un dudalen)
tray-large = Briff mewn print bras
tray-markdown = Markdown
count-quotations = { $count } { $count ->
    [two] ddyfyniad
   *[other] dyfyniad
}
tray-heading = { $quotations } o { $networks }
tray-quotations = Dyfyniadau
tray-undated = ar ddyddiau nad oes neb yn eu gwybod
tray-check = Dywedwyd { $when }. Cenhedlaeth { $generation }, newid { $seq }, cofnod cyfriflyfr { $ledger } gyda phen { $head }.
tray-cut = Er mwyn aros ar un ddalen, { $count ->
    [one] torrwyd 1
   *[other] torrwyd { $count }
} i { $most } nod; mewn print bras, Markdown a data maent yn gyfan.

# tray.html
tray-title = Eich hambwrdd
tray-lead = Hyd at { $most } dyfyniad, a ddelir gan gyfeiriad y dudalen hon ac yn unman arall: dim cyfrif, dim cwci, dim yn eich porwr.
tray-unused = Nid oes dim ynddo. Chwiliwch, neu agorwch bwnc, a defnyddiwch “Ychwanegu at y hambwrdd” wrth yr hyn y mae pobl yn ei ddweud.
tray-drop = Tynnu’r rhain o’r cyfeiriad
tray-up = I fyny<span class="govuk-visually-hidden">: { $title }</span>
tray-down = I lawr<span class="govuk-visually-hidden">: { $title }</span>
tray-reference = Cyfeirnod:
tray-as-written = Fel yr ysgrifennwyd hwy, 300 nod ar y mwyaf, a manylion personol wedi’u tynnu allan.
tray-chosen = Dewiswyd â llaw: dangosant beth a ddywedwyd, nid faint sy’n ei ddweud.
tray-address = Cyfeiriad yr hambwrdd hwn
tray-address-how = Cadwch ef, neu anfonwch ef ymlaen: bydd pwy bynnag a’i hagoro yn gweld y dyfyniadau hyn fel y ceir eu dangos bryd hynny. Mae’r hyn a dynnir yn ôl yn ei adael o fewn eiliad; nid yw’r hyn a argraffoch neu a gadwoch yn newid.
tray-new = Gwagio’r hambwrdd

# traybrief.html
tray-back = Yn ôl i’r hambwrdd
tray-print = Argraffwch y dudalen hon â’ch porwr: un ddalen A4 ydyw.
tray-print-large = Argraffwch y dudalen hon â’ch porwr: mewn print bras mae’n cymryd cynifer o ddalennau ag sydd eu hangen.
tray-made = Briff, { $day }.
tray-none = Ni cheir dangos dim ohono.
tray-links-to = yn cysylltu â { $host }
tray-how-to-check = Sut i wirio
