compare-title = موازنہ
compare-refused = موازنہ نہیں ہو سکتا
comparison-title = موازنہ
compare-nothing = کسی طرف کچھ نہیں ملا۔
compare-lead = { $sides }۔
compare-in = { $letter } میں { $conversations }
compare-filters = آپ کی تلاش { $count ->
    [one] کا 1 فلٹر سب طرف لاگو ہے
   *[other] کے { $count } فلٹر سب طرف لاگو ہیں
}۔
compare-too-small = دکھانے کے لیے بہت چھوٹے: { $sides }۔
compare-small-of = { $letter } کے { $topics }
compare-everything = سب کچھ
compare-best = بہترین { $count } { $count ->
    [one] مماثلت دیکھی گئی
   *[other] مماثلتیں دیکھی گئیں
}۔
compare-more = { $count } مزید ڈیٹا میں ہیں۔
compare-none-or-few = کوئی نہیں، یا دکھانے کے لیے بہت کم
when-ever = کسی بھی وقت
when-since = { $day } سے
when-until = { $day } تک
languages-title = زبانیں
topics-plain = موضوعات

# compare.html
compare-heading = پانچ تک تلاشوں، یا مدتوں کا موازنہ
compare-fill = دوسری تلاش، دوسری مدت، یا دونوں بھریں؛ موازنے پر ایک اور کی جگہ ہوگی، پانچ تک۔ جو خالی چھوڑیں وہ طرف A جیسا ہے۔
compare-words = ڈھونڈنے کے الفاظ
compare-other-words = ڈھونڈنے کے الفاظ، اگر A سے مختلف ہوں
compare-change = جو ملایا جا رہا ہے اسے بدلیں
compare-button = موازنہ کریں
compare-swap = A اور B بدلیں
compare-how-much = کتنا
compare-empty = ہمارے پاس کچھ مماثل نہیں۔ کم یا دوسرے الفاظ، یا لمبی مدت آزمائیں۔
compare-read = انہیں پڑھیں<span class="govuk-visually-hidden">، طرف { $letter }</span>
compare-differ = کن الفاظ میں فرق ہے
compare-more-in = { $letter } میں دوسرے سے زیادہ
compare-no-word = کوئی لفظ یہاں اتنا زیادہ نہیں کہ اتفاق نہ ہو سکے۔
compare-against = ہمارے پاس موجود سب کے مقابل:
compare-number = عدد ان گفتگوؤں کا ہے جن میں لفظ ہے۔ الفاظ وہاں دکھائے جاتے ہیں جہاں کم از کم { $enough } انہیں استعمال کریں، اور جہاں محض اتفاق سے یہ فرق مشکل ہو۔
compare-where = کہاں، اور کس بارے میں
compare-rounded = الفاظ کے ساتھ کے اعداد 50 سے نیچے 5 تک گول کیے جاتے ہیں۔
compare-without = نکالیں<span class="govuk-visually-hidden">، طرف { $letter }</span>
compare-more-than-others = { $letter } میں باقیوں سے زیادہ
