package org.vidimus.screens.support

import org.vidimus.models.Actions
import java.lang.reflect.Proxy

/** Nothing comes of what is pressed. */
internal object NoActions : Actions by nothing()

private fun nothing(): Actions = Proxy.newProxyInstance(Actions::class.java.classLoader, arrayOf(Actions::class.java)) { _, _, _ -> null } as Actions
