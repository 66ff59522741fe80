search-nothing = Ni chanfuwyd sgyrsiau
search-found-at = { $conversations }{ $copies } mewn { $networks }
search-found = Canfuwyd { $conversations }
sort-best = Cyfatebiaeth orau
sort-newest = Diweddaraf
sort-oldest = Hynaf
interval-days = Dyddiau
interval-weeks = Wythnosau
interval-months = Misoedd
search-follow-atom = Dilyn drwy ffrwd Atom
preset-days = 7 diwrnod
preset-weeks = 4 wythnos
preset-months = 12 wythnos
preset-any = Unrhyw bryd
download-xlsx = Tabl (Excel, LibreOffice)
download-csv = Tabl (CSV)
download-references = Rhestr gyfeiriadau
download-ndjson = Data (NDJSON)
search-most-words = Ychydig neu ddim sgyrsiau sydd â’ch holl eiriau. Mae gan y rhain o leiaf { $required } o’r { $of }.
search-some-words = Ychydig neu ddim sgyrsiau sydd â’ch holl eiriau. Mae gan y rhain rai ohonynt.
search-all-of = Pob un o { $total }
search-some-of = { $count } o { $total }
facet-language = Iaith
facet-kind = Math o wefan
column-topic = Pwnc
empty-anywhere = {""}
empty-in = {" "}yn { $languages }
empty-ever = {""}
empty-since = {" "}ers { $day }
empty-before = {" "}cyn { $day }
empty-between = {" "}rhwng { $first } a { $last }
empty-found = Nid oes dim sydd gennym yn cyfateb{ $narrowed }{ $when }. Edrychwn ar rwydweithiau a ofynnodd am gael eu canfod yn unig; mae’n ddigon posibl bod lleoedd eraill yn sôn amdano.
advice-dates = Chwilio pob dyddiad
advice-languages = Chwilio pob iaith
advice-networks = Chwilio pob rhwydwaith
advice-topics = Chwilio pob pwnc
advice-look = Edrych ar beth mae pobl yn siarad amdano
copies-show = { $count ->
    [1] Dangos yr un arall
   *[other] Dangos y { $count } arall ar y dudalen hon
}
search-unread = Ni ellir darllen y chwiliad
compare-before = Cymharu â’r cyfnod cynt
compare-lately = Cymharu’r { $days } diwrnod diwethaf â’r { $days } cynt
compare-another = Cymharu â chwiliad arall

# search.html
search-heading = Chwilio sgyrsiau<span class="govuk-visually-hidden">: geiriau i’w canfod, mewn unrhyw iaith</span>
search-time = Amser
search-meant = A oeddech yn golygu
search-follow = <a class="tap" href="{ $atom }">Dilyn y chwiliad hwn</a>: mae ffrwd Atom yn dweud wrthych pan fydd yr un gyntaf yn ymddangos
search-filters = Hidlyddion
search-over-time = Dros amser
search-languages = Yr un peth, mewn ieithoedd eraill
search-by-language = Gyda’r geiriau hyn:
search-words-only = Mae geiriau’n canfod geiriau: ni chanfyddir yr hyn sy’n dweud yr un peth mewn geiriau eraill neu iaith arall. Gall pwnc eu cysylltu.
search-by-meaning = Canfuwyd yn ôl ystyr, gan beiriant ar yr achos hwn; ni chyfieithir dim.
search-take = Lawrlwytho
search-results = Canlyniadau
search-related = Cysylltiedig, a pham<span class="govuk-visually-hidden">: { $title }</span>
search-pages = Tudalennau canlyniadau
search-next = Canlyniadau nesaf
search-when = Pryd roedd pobl yn siarad
search-bar = Lled bar
search-sheet = Taflen i’w hargraffu
search-narrow = Culhau
search-bigger = Yn fwy, ac fel tabl
search-active = Pryd roedd yn weithgar
search-from = O
search-before = Cyn
search-apply = Defnyddio’r hidlyddion
search-clear = Clirio’r cyfan

# search_error.html
search-words = Geiriau i’w canfod, mewn unrhyw iaith
search-wrote = Ysgrifennoch chi:
search-marked = (wedi’i farcio: nod { $column })
search-instead = Chwilio yn lle hynny am y geiriau

facet-area = Yr ardal y mae’r rhwydwaith yn ei gwasanaethu
advice-areas = Chwilio pob ardal

# alertmail.html
alert-mail-heading = Cael yr hyn sy’n newydd drwy e-bost
alert-mail-what = Yr hyn a geir o hyn ymlaen, mewn un neges, a dim un lle nad oes dim. Cedwir eich chwiliad gyda’ch cyfeiriad, nes i chi beidio.
alert-mail-every = Pa mor aml ar y mwyaf
alert-mail-day = Bob dydd
alert-mail-week = Bob dydd Llun
alert-mail-asked-lead = Os nad yw’r cyfeiriad hwn yn cael y negeseuon hyn eisoes, mae neges gyda dolen ar ei ffordd iddo. Ni anfonir dim arall cyn i rywun ddweud ie yno. Heb ie, dilëir y cyfeiriad ar ôl tridiau, ynghyd â’r chwiliad.
