package org.vidimus.app

suspend fun run(app: DriverApp, draw: (Screen) -> Unit, begin: (ShellEffect) -> Unit) {
    val begun = HashSet<ULong>()
    app.updates.collect { update ->
        draw(update.screen) // its buttons call app.send(Action.Show) and the like
        update.effects.filter { begun.add(it.id) }.forEach(begin) // ends with app.send(Action.Done(id, answer))
    }
}
