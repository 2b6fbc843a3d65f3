package org.vidimus.shell.support

import org.vidimus.QrSymbol
import org.vidimus.png
import org.vidimus.support.scan

/** What a camera reads of the symbol that is on the screen. */
fun QrSymbol.scan(): String = scan(png())
