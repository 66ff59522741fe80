transparency-networks = { $count ->
    [one] rhwydwaith
   *[other] rhwydwaith
}
transparency-posts = neges a gedwir
transparency-left = { $count ->
    [one] rhwydwaith a adawodd
   *[other] rhwydwaith a adawodd
}
transparency-purged = { $count ->
    [one] neges a ddilëwyd wedyn
   *[other] neges a ddilëwyd wedyn
}
transparency-heading = Tryloywder
transparency-lead = Yr hyn a ofynnwyd i ni, yr hyn a wnaethom, a sut y gallwch ei wirio. <a href="/api/v1/transparency">Yr un peth fel JSON</a>.
transparency-ledger = Cyfriflyfr cydsyniad
transparency-ledger-how = Mae pob caniatâd a phob tynnu’n ôl ynddo, wrth rifau ar hap a heb enwau, pob cofnod wedi’i gadwyno i’r un o’i flaen. <a href="/api/v1/ledger">Darllenwch ef</a>.
transparency-ledger-table = Tabl: cyfriflyfr
transparency-by-event = Cofnodion fesul digwyddiad
transparency-event = Digwyddiad
transparency-entries = Cofnodion
transparency-heads = Pennau wedi’u llofnodi
transparency-heads-how = Ar ddiwedd pob dydd llofnodir y cofnod olaf (Ed25519, allwedd gyhoeddus <code>{ $key }</code>). Cadwch gopi: gydag ef gallwch ddweud a ailysgrifennwyd y cyfriflyfr, â <code>discover ledger verify --heads FILE</code>.
transparency-no-day = Nid oes diwrnod wedi gorffen eto.
transparency-head = { $day }: cofnod { $entry }, <code>{ $hash }</code>
transparency-networks-heading = Rhwydweithiau
transparency-networks-table = Tabl: rhwydweithiau
transparency-networks-caption = Rhwydweithiau, yr hyn y cytunasant iddo, a’r ymweliad diwethaf
transparency-covers = Yn cynnwys
transparency-visit = Ymweliad diwethaf
transparency-not-yet = ddim eto
transparency-refused = Gwrthodwyd, tynnwyd allan, rhwystrwyd
transparency-refused-line = { $count } wedi’u gwrthod: { $words }
transparency-redacted-line = { $count } wedi’u tynnu cyn storio: { $words }
transparency-blocked-line = Ni ellid darllen { $count }: { $words }
transparency-rounded = Talgrynnir cyfrifon o dan 50 i 5. <a href="/about#refuse">Ystyr pob rheswm</a>.
transparency-keys = Pwy sy’n gofyn ag allwedd, ac i beth
transparency-keys-how = Nid oes angen allwedd ar neb i ddarllen. Mae gan allwedd ei chwota ei hun ac mae’n caniatáu allforio hyd at 100,000 o resi; nid yw’n dangos dim na all eraill ei weld.
transparency-no-keys = Ni roddwyd allwedd i neb.
transparency-keys-table = Tabl: allweddi
transparency-keys-caption = Allweddi, pwy sy’n eu dal, i beth, a than bryd
transparency-holder = Deiliad
transparency-purpose = Diben
transparency-may = Caiff ddefnyddio
transparency-until = Tan
transparency-who = Pwy sy’n ateb
transparency-dpia = Mae’r gweithredwr yn cadw’r asesiad effaith diogelu data ac yn ei roi i bwy bynnag sy’n gofyn.
