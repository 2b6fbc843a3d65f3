import VidimusApp

func run(_ app: DriverApp, draw: (Screen) -> Void, begin: (ShellEffect) -> Void) async {
    var begun: Set<UInt64> = []
    for await update in app.updates {
        draw(update.screen)  // its buttons call app.send(.show) and the like
        for effect in update.effects where begun.insert(effect.id).inserted { begin(effect) }  // ends with .done(…)
    }
}
