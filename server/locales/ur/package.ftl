package-title = آگے دیں: { $heading }
package-everything = تمام گفتگوئیں
package-quoted = { $conversations } میں سے { $quoted } کا حوالہ، { $networks } سے
package-copies = { $count } انہی الفاظ میں جن میں ایک اقتباس ہے۔
package-nothing = { $count } جس میں حوالے کے لیے کچھ نہیں: اس میں تقریباً کچھ نہیں کہا گیا، یا اس کا نیٹ ورک صرف عنوان اور ربط دکھاتا ہے۔
package-beyond = { $count } جو نہیں دیکھی گئیں: پیکیج { $all } میں سے پہلی { $looked } سے بنتا ہے۔
package-quotations = { $count ->
    [one] 1 اقتباس
   *[other] { $count } اقتباسات
}
package-without = پیکج کے { $quotations } چھوڑے گئے: { $because }۔
package-back-topic = موضوع پر واپس
package-back-search = تلاش پر واپس
package-people = لوگ، ورک بک کے طور پر
package-people-csv = لوگ، CSV کے طور پر
package-programs = پروگرام
package-lead = { $quoted }، اس کے ساتھ کہ ہر ایک کہاں سے آیا اور کس کی رضامندی پر ہے: تاکہ کہیں اور کی مشاورت اس سے شروع ہو جو لوگ پہلے سے کہتے ہیں۔
package-take = سب لے لیں (دستخط شدہ zip)
package-say-so = جیسے لکھا گیا ویسے ہی، زیادہ سے زیادہ 300 حروف، ذاتی تفصیلات نکال کر۔ جن کا حوالہ ہے ان میں سے کسی سے نہیں پوچھا گیا کہ وہ کسی بیان یا تجویز کے حق میں ہیں: جہاں استعمال کریں یہ کہیں۔
package-files = ہر آلے کے لیے ایک فائل
package-table = جدول: پیکج کی فائلیں
package-caption = پیکج کی فائلیں
package-for = کس کے لیے
package-file = فائل
package-how = کیسے لی جاتی ہے
package-holds = کیا ہے
package-out = کیا چھوڑا گیا
package-out-none = کچھ نہیں: اس پر ہر گفتگو کا حوالہ ہے۔
package-again = جو واپس لیا یا چھپایا جائے وہ اسی لمحے سے کسی پیکج میں نہیں۔ آپ کے پاس کا پیکج خود نہیں بدلتا: دوبارہ استعمال سے پہلے <a href="{ $manifest }">موجودہ فہرست</a> مانگیں، اور جو اس میں نہ رہا وہ نکال دیں۔
package-who = کس کا حوالہ ہے
package-nobody = کوئی نہیں۔
package-of = <a href="{ $href }">{ $name }</a>، { $owner } کا
package-check = اسے کیسے جانچیں
package-made = { $made } کو بنایا گیا۔ فہرست ہر فائل کا نام اس کے SHA-256 کے ساتھ دیتی ہے؛ <a href="{ $signature }">اس کا دستخط</a> اسی کلید کا ہے جو <a href="/transparency">کھاتے کے سروں</a> پر دستخط کرتی ہے:
package-verify = <code>discover package verify FILE --key KEY</code> ہم سے پوچھے بغیر آرکائیو جانچتا ہے۔
