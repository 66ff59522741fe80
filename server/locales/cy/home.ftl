home-title = Beth mae pobl yn siarad amdano, ar wefannau a ofynnodd am gael eu canfod
home-opted-in = { $networks ->
    [0] Nid oes yr un rhwydwaith wedi ymuno eto.
    [one] Mae 1 rhwydwaith wedi ymuno, gyda { $conversations }.
    [two] Mae 2 rwydwaith wedi ymuno, gyda { $conversations }.
   *[other] Mae { $networks } rhwydwaith wedi ymuno, gyda { $conversations }.
}
home-no-history = Dim rhybudd cynnar: mae rhy ychydig o hanes eto i rybuddio am ddim.
home-no-warning = Dim rhybudd cynnar heddiw, o { $topics } a brofwyd.
home-warnings = { $count } rhybudd cynnar heddiw.
home-odds = { $networks ->
    [one] Mae 1 rhwydwaith yn sôn am hyn yn fwy nag yr arfera.
    [two] Mae 2 rwydwaith yn sôn am hyn yn fwy nag yr arfera pob un.
   *[other] Mae { $networks } rhwydwaith yn sôn am hyn yn fwy nag yr arfera pob un.
} Y tebygolrwydd o hynny mewn wythnos gyffredin: { $odds }.
home-all-networks = { $count ->
    [0] Pob rhwydwaith
    [one] Pob rhwydwaith
    [two] Y 2 rwydwaith i gyd
   *[other] Y { $count } rhwydwaith i gyd
}
home-unreachable = Ni ellid cyrraedd { $count } o { $networks } heddiw:
home-list-one = Y rhestr
home-list-all = { $count ->
    [two] Y 2 bwnc { $list } i gyd
    [few] Y { $count } phwnc { $list } i gyd
    [many] Y { $count } phwnc { $list } i gyd
   *[other] Y { $count } pwnc { $list } i gyd
}
home-network-note = { $kinds }. { $conversations }
topic-in-areas = {" "}mewn { $areas } o { $of } ardal
topic-facts = Ers { $day }: { $conversations }{ $copies } mewn { $networks }{ $languages ->
    [0] {""}
    [one] {""}
    [two] {" "}mewn 2 iaith
   *[other] {" "}mewn { $languages } iaith
}{ $areas }{ $active ->
    [0] {""}
   *[other] , { $active } ohonynt yn weithgar yn y 7 diwrnod diwethaf
}.

# home.html
home-missing = Beth sydd ar goll
home-read = Darllen beth mae pobl yn ei ddweud
home-worth = Gwerth rhybudd
home-heading = Beth mae pobl yn siarad amdano, ar wefannau a ofynnodd am gael eu canfod
home-lead = Darllenwch ddetholiad yma, yna ymunwch â’r sgwrs lle mae hi’n digwydd.
home-find = Dod o hyd i sgwrs
home-words = Geiriau, mewn unrhyw iaith
home-try = O bynciau heddiw:
home-who = Pwy sy’n rhedeg hwn
home-promise = Dangoswn sgyrsiau cyhoeddus ar wefannau a ofynnodd am gael eu canfod, byth bobl. Darllenwch ddetholiad yma, yna ymunwch lle dywedwyd ef.
home-more = Mwy amdanom
home-three-lists = Pynciau, mewn tair rhestr
home-list-empty = Nid oes pwnc yn y rhestr hon heddiw.
home-charts = Mae pob siart bach yn dangos y deuddeg wythnos ddiwethaf, ar ei uchder ei hun. Mewn un rhestr yn unig y mae pwnc.
home-matrix = Pwy sy’n sôn am beth
home-digest = Yr wythnos hon, i’w darllen neu i’w hargraffu
home-where = Lle mae sgyrsiau’n digwydd
home-none = Nid oes yr un rhwydwaith wedi ymuno eto.
home-add = Ychwanegu eich gwefan
home-why-not = Pam nad yw ein fforwm ni yma?
home-coverage = <strong>Cwmpas:</strong> gellid cyrraedd pob rhwydwaith pan edrychon ni ddiwethaf.
home-since = (ers { $since })
home-gap = Mae siartiau’n dangos bwlch lle mae hyn o bwys.
home-small = Er mwyn gwarchod pobl mewn grwpiau bach, rhestrir pwnc pan fo o leiaf { $enough } yn cymryd rhan, a phan fo ganddo destun. { $too-small } Talgrynnir i 5 y niferoedd dan 50 na all neb eu rhestru. Cyfrifwyd y pynciau ar { $drawn }; gwnaed y dudalen hon am { $now }.
