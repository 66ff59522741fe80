accessibility-heading = Hygyrchedd
accessibility-lead = Rydym am i gynifer o bobl â phosibl allu defnyddio’r tudalennau hyn. Anelwn at WCAG 2.2, lefel AA.
accessibility-can = Yr hyn y dylech allu ei wneud
accessibility-script = Darllen a defnyddio popeth heb JavaScript: nid oes dim yma.
accessibility-keyboard = Defnyddio pob tudalen â bysellfwrdd yn unig. Y stop cyntaf yw dolen i’r prif gynnwys.
accessibility-large = Gwneud y testun bedair gwaith yn fwy, neu ddefnyddio ffenestr gul, heb sgrolio i’r ochr. Mae tablau llydan a’r map yn sgrolio o fewn eu ffrâm eu hunain.
accessibility-pictures = Darllen pob llun fel tabl: mae’n union oddi tano.
accessibility-colours = Defnyddio eich lliwiau eich hun, sgrin dywyll neu gyferbyniad uchel. Nid oes dim yn dibynnu ar liw yn unig.
accessibility-hear = Clywed testunau yn eu hiaith eu hunain: mae pob testun mewn iaith arall yn dweud pa iaith ydyw, lle gwyddom.
accessibility-print = Argraffu unrhyw dudalen. Mae rhannau wedi’u plygu yn agor, ac ysgrifennir cyfeiriadau’r gwreiddiol yn llawn.
accessibility-not = Yr hyn nad yw’n gweithio eto
accessibility-map = Ar y map nid oes lle i rai enwau. Mae llythyren yn y cylch, ac mae rhestr o dan y llun yn ei hegluro; mae’r enw yn y ddolen ac yn y tabl hefyd.
accessibility-names = Nid ydym bob amser yn gwybod iaith enw rhwydwaith neu bwnc; yna fe’i darllenir yn iaith y dudalen.
accessibility-authors = Mae dyfyniadau fel yr ysgrifennodd eu hawduron nhw; ni allwn eu gwneud yn symlach.
accessibility-english = Mae ychydig o dudalennau hir yn Saesneg yn unig, ac yn dweud hynny yn eich iaith chi.
accessibility-checked = Gwiriwyd y tudalennau hyn gan raglen ac mewn porwr, ond nid eto gan bobl sy’n defnyddio darllenwyr sgrin bob dydd.
accessibility-tell = Dywedwch wrthym
accessibility-write = Os yw rhywbeth yn anodd ei ddefnyddio, neu os oes ei angen arnoch ar ffurf arall, ysgrifennwch at <a href="{ $href }">{ $words }</a>.
