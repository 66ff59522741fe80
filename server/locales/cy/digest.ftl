digest-title = Am beth mae pobl yn siarad
digest-week = Wythnos { $days }
digest-for = { $what }, yn { $areas }
digest-so-far = Nid yw’r dyddiau hyn ar ben: mae’r hyn sydd yma’n dilyn y pynciau tan { $last }, yna mae’n aros.
digest-odds = Yn y { $days } hyd at { $day }, y siawns o gymaint o siarad mewn wythnos gyffredin: { $odds }.
digest-over = Drosodd ers { $day }.
digest-less = Cywiriad: dywedodd y crynodeb hwn { $conversations } mewn { $networks }. Ers hynny tynnwyd rhai yn ôl, aeth eu hamser heibio, neu cânt eu cyfrif dan bwnc arall.
digest-said = Yn y dyddiau hyn: { $conversations } mewn { $networks }.
digest-quiet-since = Ni soniodd neb amdano yn y dyddiau hyn; y tro diwethaf oedd ar { $day }.
digest-quiet-then = Ni soniodd neb amdano yn y dyddiau hyn.
digest-erratum = Enwodd crynodeb { $period } yr hyn na ddangosir mwyach: { $what }.
digest-period = { $from } i { $to }
digest-quotations = { $count } sgwrs a ddyfynnwyd
digest-gone-topics = { $count } { $count ->
    [two] bwnc
    [few] phwnc
    [many] phwnc
   *[other] pwnc
}
digest-since = Wedi’i dynnu’n ôl ers hynny, neu wedi cyrraedd diwedd ei amser, o’r hyn a enwodd y crynodeb hwn: { $what }.
digest-foot = { $networks } a ofynnodd am gael eu canfod.
digest-unreachable = Ni ellid cyrraedd { $count } ohonynt pan edrychom ddiwethaf.
digest-found = { $conversations } mewn { $networks } a gafwyd yn y dyddiau hyn gyda “{ $q }”.
digest-found-all = { $conversations } mewn { $networks } a gafwyd yn y dyddiau hyn.
digest-overdue = { $by }: i fod erbyn { $due }, a heb ddod eto.

# digest.html
digest-slip = Dywedwch wrthym, heb gyfrifiadur
digest-slip-how = Ysgrifennwch yma beth sydd ar goll, neu beth sy’n anghywir. Peidiwch â rhoi enwau.
digest-slip-to = Torrwch yma a’i ddychwelyd at: { $to }
digest-slip-hand = Torrwch yma a’i roi i’r sawl a roddodd y daflen hon i chi.
digest-print = Argraffwch y dudalen hon gyda’ch porwr. Mewn print bras mae at y post ac ystafelloedd aros.
digest-large = Print bras
digest-usual = Print arferol
digest-weeks = Fesul wythnos
digest-months = Fesul mis
digest-atom = Atom
digest-data = JSON
digest-earlier = Yr un cyn hwn
digest-area = Ardal
digest-show = Dangos
digest-warnings = Rhybuddion cynnar
digest-no-warnings = Ni chodwyd rhybudd cynnar.
digest-new = Newydd yn y dyddiau hyn
digest-no-new = Nid oedd dim newydd yn ddigon mawr i’w adrodd.
digest-long = Sôn amdano ers amser maith
digest-no-long = Nid oes pwnc yn y rhestr hon.
digest-quiet = Tawel, ond nid yw’n diflannu
digest-answers = Beth ddaeth yn ôl
digest-no-answers = Nid atebodd neb yn y dyddiau hyn.
digest-right = Cywiriadau
digest-strike = Dilëwch ef ar gopïau print, os gwelwch yn dda.
digest-search = Beth mae pobl yn ei ddweud
digest-nothing-found = Ni chafwyd dim yn y dyddiau hyn.
digest-worth = Gwerth rhybudd
digest-all-found = Y cyfan a gafwyd

# digestmail.html
digest-mail-heading = Cael hwn drwy’r post electronig
digest-mail-week = Bob dydd Llun.
digest-mail-month = Ar y cyntaf o bob mis.
digest-mail-how = Gofynnwn i chi unwaith eto drwy e-bost cyn anfon dim, ac mae un ddolen ym mhob neges i beidio. Ni ddefnyddir eich cyfeiriad at ddim arall, ac fe’i dilëir pan fyddwch yn peidio.
digest-mail-address = Cyfeiriad e-bost
digest-mail-ask = Gofyn am yr e-bost
digest-mail-asked = Edrychwch ar eich e-bost
digest-mail-asked-lead = Os nad yw’r cyfeiriad hwn yn cael y crynodeb eisoes, mae neges gyda dolen ar ei ffordd iddo. Ni anfonir dim arall cyn i rywun ddweud ie yno. Heb ie, dilëir y cyfeiriad ar ôl tridiau.
digest-mail-bad = Ysgrifennwch un cyfeiriad e-bost, megis enw@example.org.
digest-mail-limit = O’r lle rydych chi, neu ar gyfer y cyfeiriad hwn, gofynnwyd mor aml ag y caniateir. Rhowch gynnig arall arni yfory.
digest-mail-full = Ni chymerir rhagor o gyfeiriadau ar hyn o bryd.
