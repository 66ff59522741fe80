views-title = Views of this instance
