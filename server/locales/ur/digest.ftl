digest-title = لوگ کس بارے میں بات کر رہے ہیں
digest-week = ہفتہ { $days }
digest-for = { $what }، { $areas } میں
digest-so-far = یہ دن ابھی پورے نہیں ہوئے: یہاں جو ہے وہ { $last } تک موضوعات کے ساتھ بدلتا ہے، پھر ویسا ہی رہتا ہے۔
digest-odds = { $day } تک کے { $days } میں، کسی عام ہفتے میں اتنی بات ہونے کا امکان: { $odds }۔
digest-over = { $day } سے ختم۔
digest-less = درستی: اس خلاصے میں { $networks } پر { $conversations } کہا گیا تھا۔ اس کے بعد کچھ واپس لیے گئے، ان کا وقت گزر گیا، یا وہ کسی اور موضوع میں گنے جاتے ہیں۔
digest-said = ان دنوں میں: { $networks } پر { $conversations }۔
digest-quiet-since = ان دنوں میں کسی نے اس پر بات نہیں کی؛ آخری بار { $day } کو ہوئی۔
digest-quiet-then = ان دنوں میں کسی نے اس پر بات نہیں کی۔
digest-erratum = { $period } کے خلاصے میں وہ تھا جو اب نہیں دکھایا جاتا: { $what }۔
digest-period = { $from } سے { $to }
digest-quotations = { $count } { $count ->
    [one] گفتگو جس کا اقتباس دیا گیا تھا
   *[other] گفتگوئیں جن کا اقتباس دیا گیا تھا
}
digest-gone-topics = { $count } { $count ->
    [one] موضوع
   *[other] موضوعات
}
digest-since = اس خلاصے میں جو تھا اس میں سے بعد میں واپس لیا گیا یا اپنی مدت پوری کر چکا: { $what }۔
digest-foot = { $networks } جنہوں نے خود شامل ہونا چاہا۔
digest-unreachable = جب ہم نے آخری بار دیکھا تو ان میں سے { $count } تک رسائی نہ ہو سکی۔
digest-found = ان دنوں میں “{ $q }” کے ساتھ { $networks } پر { $conversations } ملیں۔
digest-found-all = ان دنوں میں { $networks } پر { $conversations } ملیں۔
digest-overdue = { $by }: { $due } تک ہونا تھا، اور ابھی نہیں ہوا۔

# digest.html
digest-slip = بغیر کمپیوٹر کے ہمیں بتائیں
digest-slip-how = یہاں لکھیں کہ کیا رہ گیا یا کیا غلط ہے۔ براہ کرم نام نہ لکھیں۔
digest-slip-to = کاٹ کر یہاں واپس بھیجیں: { $to }
digest-slip-hand = کاٹ کر اسے دیں جس نے آپ کو یہ پرچہ دیا۔
digest-print = یہ صفحہ اپنے براؤزر سے چھاپیں۔ بڑے حروف میں یہ ڈاک اور انتظار گاہوں کے لیے ہے۔
digest-large = بڑے حروف
digest-usual = عام حروف
digest-weeks = ہفتہ وار
digest-months = ماہانہ
digest-atom = Atom
digest-data = JSON
digest-earlier = اس سے پہلے والا
digest-area = علاقہ
digest-show = دکھائیں
digest-warnings = ابتدائی انتباہات
digest-no-warnings = کوئی ابتدائی انتباہ نہیں دیا گیا۔
digest-new = ان دنوں میں نیا
digest-no-new = کوئی نئی بات اتنی بڑی نہ تھی کہ بتائی جائے۔
digest-long = جس پر دیر سے بات ہو رہی ہے
digest-no-long = اس فہرست میں کوئی موضوع نہیں۔
digest-quiet = خاموش، مگر ختم نہیں ہوتا
digest-answers = کیا جواب آیا
digest-no-answers = ان دنوں میں کسی نے جواب نہیں دیا۔
digest-right = تصحیح
digest-strike = براہ کرم چھپی ہوئی نقلوں پر اسے کاٹ دیں۔
digest-search = لوگ کیا کہتے ہیں
digest-nothing-found = ان دنوں میں کچھ نہیں ملا۔
digest-worth = انتباہ کی اہمیت
digest-all-found = جو کچھ ملا

# digestmail.html
digest-mail-heading = یہ ای میل سے پائیں
digest-mail-week = ہر پیر کو۔
digest-mail-month = ہر مہینے کی پہلی تاریخ کو۔
digest-mail-how = کچھ بھی بھیجنے سے پہلے ہم ای میل سے ایک بار پھر پوچھتے ہیں، اور ہر ای میل میں بند کرنے کا ایک لنک ہے۔ آپ کا پتہ کسی اور کام نہیں آتا، اور بند کرنے پر مٹا دیا جاتا ہے۔
digest-mail-address = ای میل کا پتہ
digest-mail-ask = ای میل مانگیں
digest-mail-asked = اپنی ای میل دیکھیں
digest-mail-asked-lead = اگر اس پتے پر خلاصہ پہلے سے نہیں جاتا تو ایک لنک والی ای میل راستے میں ہے۔ جب تک وہاں کوئی ہاں نہ کہے اور کچھ نہیں بھیجا جاتا۔ ہاں کے بغیر پتہ تین دن بعد مٹا دیا جاتا ہے۔
digest-mail-bad = ایک ای میل پتہ لکھیں، جیسے name@example.org۔
digest-mail-limit = آپ کی جگہ سے، یا اس پتے کے لیے، جتنی بار اجازت ہے اتنی بار پوچھا جا چکا۔ کل پھر کوشش کریں۔
digest-mail-full = ابھی مزید پتے نہیں لیے جاتے۔
