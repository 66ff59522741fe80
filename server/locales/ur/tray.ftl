tray-add = ٹرے میں ڈالیں<span class="govuk-visually-hidden">: { $title }</span>
tray-in = آپ کی ٹرے میں
tray-out = نکالیں<span class="govuk-visually-hidden">: { $title }</span>
tray-full = آپ کی ٹرے بھر گئی: اس میں { $most } آتے ہیں۔
tray-bar = آپ کی ٹرے: { $most } میں سے { $count }
tray-not-shown = { $count ->
    [one] اس ٹرے کا 1 اقتباس نہیں دکھایا جاتا: واپس لیا گیا، چھپایا یا مٹایا گیا، یا کبھی تھا ہی نہیں۔ کون سا، یہ نہیں بتایا جاتا۔
   *[other] اس ٹرے کے { $count } اقتباسات نہیں دکھائے جاتے: واپس لیے گئے، چھپائے یا مٹائے گئے، یا کبھی تھے ہی نہیں۔ کون سے، یہ نہیں بتایا جاتا۔
}
tray-brief = بریف (ایک صفحہ)
tray-large = بریف بڑے حروف میں
tray-markdown = Markdown
count-quotations = { $count } { $count ->
    [one] اقتباس
   *[other] اقتباسات
}
tray-heading = { $networks } سے { $quotations }
tray-quotations = اقتباسات
tray-undated = ایسے دنوں میں جو کسی کو معلوم نہیں
tray-check = کہا گیا: { $when }۔ نسل { $generation }، تبدیلی { $seq }، کھاتے کا اندراج { $ledger } سرا { $head } کے ساتھ۔
tray-cut = تاکہ یہ ایک ورق رہے، { $count ->
    [one] 1 کاٹا گیا
   *[other] { $count } کاٹے گئے
} { $most } حروف تک؛ بڑے حروف، Markdown اور ڈیٹا میں پورے ہیں۔

# tray.html
tray-title = آپ کی ٹرے
tray-lead = { $most } تک اقتباسات، جو اس صفحے کے پتے میں ہیں اور کہیں نہیں: نہ اکاؤنٹ، نہ کوکی، نہ آپ کے براؤزر میں کچھ۔
tray-unused = اس میں کچھ نہیں۔ تلاش کریں، یا کوئی موضوع کھولیں، اور لوگوں کی بات کے ساتھ ”ٹرے میں ڈالیں“ استعمال کریں۔
tray-drop = انہیں پتے سے نکالیں
tray-up = اوپر<span class="govuk-visually-hidden">: { $title }</span>
tray-down = نیچے<span class="govuk-visually-hidden">: { $title }</span>
tray-reference = حوالہ:
tray-as-written = جیسے لکھے گئے، زیادہ سے زیادہ 300 حروف، ذاتی تفصیلات نکال کر۔
tray-chosen = ہاتھ سے چنے گئے: یہ دکھاتے ہیں کہ کیا کہا گیا، یہ نہیں کہ کتنے ایسا کہتے ہیں۔
tray-address = اس ٹرے کا پتہ
tray-address-how = اسے رکھیں، یا آگے بھیجیں: جو اسے کھولے گا وہ یہ اقتباسات ویسے دیکھے گا جیسے اُس وقت دکھائے جا سکیں۔ جو واپس لیا جائے وہ ایک سیکنڈ میں اس سے نکل جاتا ہے؛ جو آپ نے چھاپا یا محفوظ کیا وہ نہیں بدلتا۔
tray-new = ٹرے خالی کریں

# traybrief.html
tray-back = ٹرے پر واپس
tray-print = اس صفحے کو اپنے براؤزر سے چھاپیں: یہ A4 کا ایک ورق ہے۔
tray-print-large = اس صفحے کو اپنے براؤزر سے چھاپیں: بڑے حروف میں جتنے ورق درکار ہوں لگتے ہیں۔
tray-made = بریف، { $day }۔
tray-none = اس میں سے کچھ نہیں دکھایا جا سکتا۔
tray-links-to = { $host } کا لنک
tray-how-to-check = جانچنے کا طریقہ
