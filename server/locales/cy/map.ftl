map-title = Map o bynciau
map-none-found = Nid oes gan yr un pwnc ar y map hwn “{ $q }” yn ei enw na’i dermau.
map-due = I ddod erbyn { $day }
map-overdue = Yn hwyr ers { $day }
map-sign-answered = Atebwyd, penderfynwyd neu newidiwyd
map-sign-heard = Clywyd, a dim mwy hyd yma
map-sign-due = Y cam nesaf i ddod
map-sign-overdue = Mae’r cam nesaf yn hwyr
map-not-answered = Ddim eto
column-answers = Atebion
map-list-none = Dim
map-heading = Map o bynciau
map-zoom = Chwyddo
map-find-topic = Dod o hyd i bwnc ar y map
map-find = Canfod
map-skip = Hepgor y llun, darllen y tabl
map-no-list = Yn yr un o’r tair rhestr
map-empty = Nid oes pwnc i’w dynnu ar y lefel hon eto: dangosir pwnc pan fo o leiaf { $enough } yn cymryd rhan, a phan fo ganddo destun.
map-region = Map o bynciau, yn sgrolio i’r ochr
map-no-subject = Heb destun ehangach
map-all-topics = Pob pwnc
map-letters = { $count ->
    [one] Y cylch â llythyren
   *[other] Y { $count } cylch â llythrennau
}
map-point = Mae pob pwnc yn dangos ei ddau gyswllt cryfaf. Pwyntiwch at bwnc, neu cyrhaeddwch ef gyda’r fysell Tab, i weld ei gymdogion a pham y’u cysylltir.
map-one-week = Y map mewn un wythnos
map-week-of-map = Wythnos y map
map-week = Wythnos { $start }, { $posts }
map-places = Mae’r lleoedd yn aros; mae’r cylchoedd mor fawr â’r hyn a bostiwyd yn yr wythnos honno.
map-all-weeks = Pob wythnos gyda’i gilydd
map-drawn = Tynnwyd ar { $drawn }. Mae’r un data bob amser yn tynnu’r un map. { $too-small } Mynd â’r graff i ffwrdd:
map-table = Y map fel tabl
map-table-region = Tabl: pynciau a’u pynciau mwyaf cysylltiedig, yn sgrolio i’r ochr
map-caption = Pynciau yn ôl testun, a’r rhai y mae a wnelo pob un fwyaf â hwy
column-subject = Testun
column-list = Rhestr
column-networks = Rhwydweithiau
column-related = Pynciau mwyaf cysylltiedig, a pham
map-found = { $topics } â “{ $q }” yn yr enw neu’r termau, wedi’u cylchu ar y map:
map-circle = mae cylch mwy yn golygu mwy o sgyrsiau
map-circle-week = mae cylch mwy yn golygu mwy o negeseuon yn wythnos { $day }
map-lead = { $topics }{ $subjects ->
    [0] {""}
    [one] {" "}mewn 1 testun
   *[other] {" "}mewn { $subjects } testun
}. Agos yw tebyg; { $circle }; mae llinell fwy trwchus yn golygu cyswllt cryfach.
map-posts = { $count } neges
