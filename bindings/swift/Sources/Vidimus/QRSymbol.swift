import Foundation
import VidimusCore

/// A QR: a square of dark and light modules, without its quiet zone of four light modules.
///
/// Draw it on whole pixels, as one path or picture: single rectangles leave seams that cameras
/// stumble over.
public typealias QRSymbol = VidimusCore.QrSymbol

extension QRSymbol {
    /// Whether the module in column `x` and row `y`, counted from 0 at the top left, is dark.
    /// Outside all is light.
    public func isDark(x: Int, y: Int) -> Bool {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return false }
        let byte = modules.startIndex + y * ((size + 7) / 8) + x / 8
        guard byte < modules.endIndex else { return false }
        return modules[byte] & (0x80 >> (x % 8)) != 0
    }

    /// A black and white PNG with its quiet zone, for screens that draw pictures more easily than
    /// squares.
    ///
    /// - Parameter scale: Pixels a module, 1 to 32.
    /// - Throws: ``WalletError/invalidArgument`` for another scale.
    public func png(scale: Int = 8) throws(WalletError) -> Data {
        do {
            return try qrPng(symbol: self, scale: scale)
        } catch {
            throw WalletError(error)
        }
    }
}
