answers-title = { $heading }، کیا ہوا
answers-next-answer = جواب
answers-next-decision = فیصلہ
answers-next-change = تبدیلی
answers-next-step = اگلا قدم
answers-due-is = { $by } کی طرف سے { $what }: { $day } تک واجب ہے۔
answers-due-was = { $by } کی طرف سے { $what }: { $day } کو واجب تھا اور { $days } کی تاخیر ہے۔
answers-badge-due = واجب
answers-badge-late = { $days } کی تاخیر
answers-as-entry = { $what }، جیسا کہ اندراج { $entry } کہتا ہے
answers-correction = اندراج { $entry } کی تصحیح
answers-late = { $days } کی تاخیر سے
answers-erased = متن { $day } کو مٹایا گیا، وجہ: { $reason }۔ اندراج، اس کا دن اور اس کا ہیش باقی رہتے ہیں۔
answers-lost = { $count ->
    [one] 1 اب نہیں دکھائی جاتی: واپس لی گئی، مٹائی گئی، یا اس کا وقت ختم ہوا۔
   *[other] { $count } اب نہیں دکھائی جاتیں: واپس لی گئیں، مٹائی گئیں، یا ان کا وقت ختم ہوا۔
}
answers-lead = کس نے سنا، کس نے جواب دیا، اور کیا ابھی واجب ہے۔ اندراجات پر دستخط ہیں اور کبھی ہٹائے نہیں جاتے؛ غلطی کے بعد تصحیح آتی ہے۔
answers-gone = یہ موضوع اب نہیں دکھایا جاتا۔ اس کے بارے میں جو کہا گیا وہ باقی ہے۔
answers-overdue = <strong>تاخیر:</strong> { $what }
answers-due = واجب
answers-record = ریکارڈ پر، نیا پہلے
answers-entry = اندراج { $entry }
answers-corrected = اندراج { $entry } نے تصحیح کی
answers-next-due = اگلا قدم { $due } کو واجب ہے۔
answers-cited = وہ گفتگوئیں جن کا یہ جواب ہے
answers-conversation = گفتگو { $count }
answers-signed = متن <code>{ $hash }</code>، دستخط شدہ، کھاتے کا اندراج { $ledger }۔
answers-who = یہاں کون لکھ سکتا ہے
answers-who-how = وہ ادارے جنہیں منتظم جانتا ہے اور جنہیں اس نے کلید دی ہے۔ نام وہی ہے جو منتظم نے درج کیا۔
answers-data = ڈیٹا کے طور پر (JSON)، دستخطوں کے ساتھ
