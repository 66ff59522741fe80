error-not-found = Ni chanfuwyd y dudalen
error-gone = Cymerwyd hwn yn ôl
error-cursor = Nid yw’r dudalen hon o’r rhestr yno bellach
error-busy = Rhy brysur ar hyn o bryd
error-sorry = Mae’n ddrwg gennym, aeth rhywbeth o’i le
error-address = Ni ellir darllen y cyfeiriad
error-query = Ni ellir darllen y chwiliad
error-query-large = Mae’r chwiliad yn rhy fawr
error-body = Ni ellir darllen y corff
error-key = Mae angen allwedd
error-forbidden = Ni chaniateir hyn
error-method = Ni chaniateir y dull hwn yma
error-conflict = Nid yw hyn yn gweddu i’r cyflwr presennol
error-large = Mae’r cais yn rhy fawr
error-not-found-why = Nid oes dim yn y cyfeiriad hwn, neu ni chaniateir ei ddangos. Os teipioch ef, gwiriwch ei fod yn gywir; os dilynoch ddolen, gall fod yn hen.
error-gone-why = Roedd yma, a chymerodd ei rwydwaith neu rywun y mae’n ymwneud ag ef ef yn ôl. Nid ydym yn ei ddangos mwyach, ac ni ddaw’n ôl o dan y cyfeiriad hwn.
error-cursor-why = Mae’r rhestr wedi newid ers i chi ei hagor. Dechreuwch eto o’i thudalen gyntaf.
error-limit-why = Daeth llawer o geisiadau o’ch cysylltiad chi. Arhoswch ychydig a rhowch gynnig arall arni.
error-busy-why = Ni allem ateb mewn pryd. Arhoswch ychydig a rhowch gynnig arall arni.
error-internal-why = Ni sydd ar fai, ac fe’i cofnodwyd. Gall rhoi cynnig arall arni helpu.
way-search = Dechrau’r chwiliad eto
way-topics = Pob pwnc
way-networks = Pob rhwydwaith
way-map = Map y pynciau
way-problems = Pob cod problem
way-front = Y dudalen flaen
way-talk = Beth mae pobl yn siarad amdano
way-asked = Y rhwydweithiau a ofynnodd am gael eu canfod
error-status = Gwall { $status }
error-tell = . Os yw’n parhau, <a href="{ $href }">dywedwch wrth y gweithredwr</a>

# error.html
error-where = Ble i fynd o’r fan hon
error-search = Chwilio sgyrsiau
error-code = Cod
