topics-title-emerging = Pynciau ar gynnydd
topics-title-enduring = Pynciau parhaus
topics-title-quiet = Pynciau tawel ond cyson
level-wide = Pynciau eang
level-middle = Pynciau
level-fine = Pynciau manwl
topics-none = Dim pynciau
topics-in-language = pynciau yn { $language }
topics-with-network = pynciau y mae { $network } yn cymryd rhan ynddynt
topics-active-since = pynciau gweithgar ers { $day }
changes-title = Beth newidiodd ymhlith y pynciau
changes-since-yesterday = Ers ddoe
changes-week = Wythnos
changes-month = Mis
changes-no = Dim newidiadau
changes-count = { $count } { $count ->
    [two] newid
   *[other] newid
}
change-born = yn newydd
change-grown = wedi dyblu ei faint
change-merged = wedi derbyn pwnc arall iddo
change-split = wedi ymwahanu oddi wrth bwnc arall
change-faded = wedi pylu: nid oes neb wedi sôn amdano ers tro
change-other = wedi newid
way-none = Ni chanfuwyd ffordd o 6 cham ar y mwyaf. { $looked }.
way-shared = Maent yn rhannu sgwrs.
way-found = Wedi’u cysylltu mewn { $steps }, ar hyd y ffordd y mae ei thebygrwydd yn lluosi i’r mwyaf. { $looked }.
way-steps = { $count } { $count ->
    [two] gam
    [few] cham
    [many] cham
   *[other] cam
}
way-looked = Edrychwyd ar { $count } sgwrs
warnings-none-at-all = Dim rhybudd
warnings-count = { $count } { $count ->
    [two] rybudd
   *[other] rhybudd
}
warning-because = { $networks ->
    [one] Soniodd 1 rhwydwaith amdano’n fwy yn y { $days } diwrnod diwethaf nag yr arfera.
    [two] Soniodd 2 rwydwaith amdano’n fwy yn y { $days } diwrnod diwethaf nag yr arfera pob un.
   *[other] Soniodd { $networks } rhwydwaith amdano’n fwy yn y { $days } diwrnod diwethaf nag yr arfera pob un.
} Siawns o gymaint mewn wythnos gyffredin: { $odds }.
warnings-tested = { $tests ->
    [one] Profwyd 1 pwnc
    [two] Profwyd 2 bwnc
    [few] Profwyd { $tests } phwnc
    [many] Profwyd { $tests } phwnc
   *[other] Profwyd { $tests } pwnc
}: { $days } diwrnod diwethaf pob rhwydwaith yn erbyn ei { $before } diwrnod ei hun cyn hynny. Wedi cywiro am gynifer o brofion, disgwylir i tua 1 rhybudd mewn { $wrong } fod yn anghywir.
warnings-too-little = Mae rhy ychydig o hanes i rybuddio am ddim, nac i fesur pa mor aml y byddai rhybudd yn anghywir.
warnings-measured = Mesurwyd: o’i rhedeg dros { $days ->
    [one] 1 diwrnod a fu
    [two] 2 ddiwrnod a fu
   *[other] { $days } diwrnod a fu
} gyda hanesion y rhwydweithiau wedi’u troi yn erbyn ei gilydd, fel nad oes dim ynddynt yn don gyffredin, cododd y rheol { $raised } mewn { $tests ->
    [one] 1 prawf
    [two] 2 brawf
    [few] { $tests } phrawf
    [many] { $tests } phrawf
   *[other] { $tests } prawf
}.
warnings-no-false = dim rhybudd anghywir
warnings-false = { $count } { $count ->
    [two] rybudd
   *[other] rhybudd
} anghywir ({ $rate } mewn 100 prawf)

# topics.html
topics-warnings = Rhybuddion cynnar
topics-digest = Crynodeb
topics-changed = Beth newidiodd
topics-matrix = Rhwydweithiau yn ôl pynciau
topics-map = Map
topics-only = { $filters } yn unig.
topics-show-all = Dangos y cyfan
topics-empty = Nid oes pwnc yn y rhestr hon nawr. Rhestrir pwnc pan fo o leiaf { $enough } yn cymryd rhan, a phan fo ganddo destun. Edrychwch ar y rhestrau eraill, ar <a href="/map">fap yr holl bynciau</a>, neu <a href="/search">chwiliwch y sgyrsiau eu hunain</a>.
topics-next = Pynciau nesaf
topics-places = Cyfrifir y safleoedd o’r rhifau ar dudalen pob pwnc. <a href="/about#lists">Sut y gwneir y rhestrau</a>.

# changes.html
changes-heading = Beth newidiodd ymhlith y pynciau
changes-lead = Pynciau sy’n newydd, a dyfodd, a unodd, a holltodd neu a bylodd ers { $since }.
changes-since-when = Ers pryd
changes-none = Ni newidiodd yr un pwnc o’r maint hwn yn yr amser hwn.
changes-already-old = { $count ->
    [one] Lluniwyd un pwnc yma am y tro cyntaf nad yw’n newydd: bu sôn amdano ers mwy na 30 diwrnod.
   *[other] Lluniwyd { $count } pwnc yma am y tro cyntaf nad ydynt yn newydd: bu sôn amdanynt ers mwy na 30 diwrnod.
}
changes-next = Newidiadau nesaf

# warnings.html
warnings-heading = Rhybuddion cynnar
warnings-lead = Pynciau y mae sawl rhwydwaith yn sôn amdanynt yn fwy nag yr arfera pob un. Nid yw un rhwydwaith ar ei ben ei hun, pa mor uchel bynnag, yn codi rhybudd.
warnings-nothing-tested = Ni phrofwyd dim.
warnings-none = Nid oes dim anarferol yn y dyddiau diwethaf.
warnings-worth = Gwerth rhybudd
warnings-as-of = Fel yr oedd ar { $drawn }.
warnings-follow = Cewch wybod pan fydd un yn dechrau a phan na fydd yn dal mwyach: <a href="/topics/warnings.atom">Atom</a> neu <a href="/topics/warnings.json">JSON Feed</a>. Dywedir yno hefyd am bynciau sydd newydd ymddangos, pob un gyda’i siawns. Ychwanegwch <code>?language=cy</code> neu <code>?area=</code> gydag enw ardal o <a href="/networks">blith y rhwydweithiau</a>.

# paths.html
paths-heading = Sut mae’r ddau hyn wedi’u cysylltu?
paths-lead = Dwy sgwrs neu ddau bwnc, a’r ffordd orau o’r naill i’r llall: mae pob cam yn dweud pam.
paths-from = O
paths-hint = Cyfeiriad tudalen y sgwrs neu’r pwnc yma, neu ei ddynodwr
paths-to = I
paths-find = Dod o hyd i’r ffordd
paths-way = Y ffordd

change-renamed = wedi’i ailenwi
topics-in-area = pynciau y mae rhwydwaith o { $area } yn cymryd rhan ynddynt
areas-label = Ardaloedd
areas-all = Pob ardal
area-council = { $name } (cyngor)
area-ward = { $name } (ward)
area-board = { $name } (bwrdd iechyd)
