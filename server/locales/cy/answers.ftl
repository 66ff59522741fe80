answers-title = { $heading }, beth ddigwyddodd
answers-next-answer = Ateb
answers-next-decision = Penderfyniad
answers-next-change = Newid
answers-next-step = Y cam nesaf
answers-due-is = { $what } gan { $by }: i’w gael erbyn { $day }.
answers-due-was = { $what } gan { $by }: roedd i’w gael erbyn { $day }, ac mae’n hwyr o { $days }.
answers-badge-due = I’w gael
answers-badge-late = Yn hwyr o { $days }
answers-as-entry = { $what }, fel y dywed cofnod { $entry }
answers-correction = Cywiriad i gofnod { $entry }
answers-late = yn hwyr o { $days }
answers-erased = Dilëwyd y testun ar { $day }, oherwydd { $reason }. Mae’r cofnod, ei ddiwrnod a’i hash yn aros.
answers-lost = { $count ->
    [one] Ni ddangosir 1 mwyach: fe’i tynnwyd yn ôl, fe’i dilëwyd, neu daeth ei amser i ben.
   *[other] Ni ddangosir { $count } mwyach: fe’u tynnwyd yn ôl, fe’u dilëwyd, neu daeth eu hamser i ben.
}
answers-lead = Pwy sydd wedi clywed, pwy sydd wedi ateb, a beth sydd eto i’w gael. Mae cofnodion wedi’u llofnodi ac ni chânt eu tynnu; dilynir camgymeriad gan gywiriad.
answers-gone = Ni ddangosir y pwnc hwn mwyach. Mae’r hyn a ddywedwyd amdano yn aros.
answers-overdue = <strong>Yn hwyr:</strong> { $what }
answers-due = I’w gael
answers-record = Ar gofnod, y diweddaraf yn gyntaf
answers-entry = Cofnod { $entry }
answers-corrected = cywirwyd gan gofnod { $entry }
answers-next-due = Mae’r cam nesaf i’w gael erbyn { $due }.
answers-cited = Y sgyrsiau y mae’n eu hateb
answers-conversation = Sgwrs { $count }
answers-signed = Testun <code>{ $hash }</code>, wedi’i lofnodi, cofnod { $ledger } y cyfriflyfr.
answers-who = Pwy all ysgrifennu yma
answers-who-how = Cyrff y mae’r gweithredwr yn eu hadnabod ac wedi rhoi allwedd iddynt. Yr enw yw’r un a gofnododd y gweithredwr.
answers-data = Fel data (JSON), gyda llofnodion
