package org.vidimus

/**
 * Whether the module in column [x] and row [y], counted from the upper left, is dark. What is
 * outside the symbol is light, as its quiet zone must be.
 */
public fun QrSymbol.isDark(
    x: Int,
    y: Int,
): Boolean {
    if (x !in 0..<size || y !in 0..<size) return false
    val rowBytes = (size + 7) / 8
    return modules[y * rowBytes + x / 8].toInt() shr (7 - x % 8) and 1 == 1
}

/**
 * The symbol as a PNG with its quiet zone, [scale] pixels a module.
 *
 * @throws WalletException.InvalidArgument where [scale] is not 1 to 32
 */
public fun QrSymbol.png(scale: Int = 8): ByteArray = translated { coreQrPng(this, scale) }
