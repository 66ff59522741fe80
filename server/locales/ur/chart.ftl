plain = { $text }
no-data = ڈیٹا نہیں
period-week = { $day } کا ہفتہ
chart-by-day = { $what } فی دن
chart-by-week = { $what } فی ہفتہ
chart-by-month = { $what } فی مہینہ
column-day = دن
column-week = ہفتہ از
column-month = مہینہ
days-on = { $day } کو
days-from-to = { $from } سے { $to } تک
note-stale = { $when } ہم نے { $who } کو نہیں دیکھا۔
note-unreachable = { $when } { $who } تک رسائی نہ ہو سکی۔
note-more = ایسے { $count } مزید { $count ->
    [one] وقفہ
   *[other] وقفے
} جدول اور ڈیٹا میں ہیں۔
note-joined-between = { $networks } { $first } اور { $last } کے درمیان شامل ہوئے
note-joined-first = { $who } { $day } کو شامل ہوا
note-joined-then = { $who } { $day } کو
note-joined = { $times }: پہلے کے دنوں کا صرف وہی ہے جو { $count ->
    [one] وہ
   *[other] وہ سب
} تب دکھا رہے تھے۔
note-undated = بغیر معلوم تاریخ، اور کسی ڈنڈے میں نہیں: { $count }۔
cell-unreachable = { $who } تک رسائی نہیں
cell-stale = { $who } نہیں دیکھا گیا
cell-joined = { $who } شامل ہوا
cell-all-reached = سب تک رسائی ہوئی
cell-and = { $first }؛ { $then }
names-more = { $count } مزید
chart-nothing = دکھانے کو کچھ نہیں۔
chart-most = سب سے زیادہ { $when } میں: { $count }۔
chart-none = کوئی نہیں۔
chart-described = { $first } سے { $last } تک۔ { $most }{ $gaps ->
    [0] {""}
   *[other] {" "}{ $all } میں سے { $gaps } میں کچھ غائب ہے، جیسا نیچے کے نوٹ بتاتے ہیں۔
}
chart-notes = دنوں پر نوٹ
chart-note = { $day }، { $who }: ”{ $text }“
chart-note-operator = { $day }، { $who }، جو یہ سائٹ چلاتے ہیں: ”{ $text }“
chart-note-number = نوٹ { $number }
chart-before = شروع ہونے سے پہلے: انہی نیٹ ورکس پر { $words } الفاظ والی گفتگوئیں، فی ہفتہ { $mean }
chart-with-baseline = { $all } پہلے { $weeks } اس کے شروع ہونے سے پہلے کے ہیں، اوسطاً فی ہفتہ { $mean }۔
chart-compared = { $title }، { $count } چارٹ اوپر نیچے، ایک ہی پیمانے پر
chart-side = { $letter }. { $text }
chart-sides = { $first } { $rest }
chart-matching = مماثل گفتگوئیں

# picture/timeline.html
table-of = جدول: { $title }
newest-first = { $title }، نیا پہلے
column-coverage = دائرہ

# picture/compared.html
oldest-first = { $title }، پرانا پہلے
compared-side = { $letter }: { $column }

# picture/key.html
key-unreachable = کسی نیٹ ورک تک رسائی نہ ہو سکی
key-stale = کوئی نیٹ ورک نہیں دیکھا گیا
key-joined = کوئی نیٹ ورک شامل ہوا
