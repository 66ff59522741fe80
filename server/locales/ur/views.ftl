views-title = اس سائٹ کے تیار نظارے
