views-title = Golygon yr enghraifft hon
