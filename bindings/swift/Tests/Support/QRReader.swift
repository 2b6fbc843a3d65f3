import Vidimus

/// Reads a clean, upright QR (ISO/IEC 18004) of one alphanumeric segment, without correcting
/// errors: what the core draws, read by code that shares nothing with it. Versions 1 to 25, levels
/// L and M.
public struct QRReader {
    private let size: Int
    private let modules: [[Bool]]

    struct Unreadable: Error {}

    /// What the only symbol of a picture says.
    public static func text(of picture: GreyPicture) throws -> String {
        try QRReader(picture).text()
    }

    /// Finds the symbol by its dark border, and its module by the 7 of the first finder's edge.
    private init(_ picture: GreyPicture) throws {
        let (rows, columns) = (0..<picture.height, 0..<picture.width)
        guard let top = rows.first(where: { y in columns.contains { picture.isDark(x: $0, y: y) } }),
            let left = columns.first(where: { picture.isDark(x: $0, y: top) }),
            let right = columns.last(where: { picture.isDark(x: $0, y: top) }),
            let edge = (left...right).first(where: { !picture.isDark(x: $0, y: top) })
        else { throw Unreadable() }
        let module = (edge - left) / 7
        let side = (right - left + 1) / module
        guard (side - 17) % 4 == 0, (21...117).contains(side) else { throw Unreadable() }
        size = side
        modules = (0..<side).map { y in
            (0..<side).map { x in
                picture.isDark(x: left + x * module + module / 2, y: top + y * module + module / 2)
            }
        }
    }

    private var version: Int { (size - 17) / 4 }

    private func text() throws -> String {
        let bytes = try dataBytes()
        var bits: ArraySlice<Bool> = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }[...]
        func take(_ count: Int) throws -> Int {
            guard bits.count >= count else { throw Unreadable() }
            defer { bits = bits.dropFirst(count) }
            return bits.prefix(count).reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
        guard try take(4) == 0b0010 else { throw Unreadable() }
        let length = try take(version < 10 ? 9 : 11)
        var text = ""
        for _ in 0..<length / 2 {
            let pair = try take(11)
            guard pair < 45 * 45 else { throw Unreadable() }
            text += [alphabet[pair / 45], alphabet[pair % 45]]
        }
        if length % 2 == 1 { text.append(alphabet[try take(6)]) }
        return text
    }

    /// The data of all blocks, in order.
    private func dataBytes() throws -> [UInt8] {
        let all = try codewords()
        let level = try format().level
        let blocks = Self.blocks[level][version - 1]
        let dataLength = all.count - blocks * Self.correction[level][version - 1]
        let (short, long) = (dataLength / blocks, dataLength % blocks)
        return (0..<blocks).flatMap { block in
            // The blocks take turns; the last ones are one longer, and that one comes last.
            let common = (0..<short).map { all[$0 * blocks + block] }
            let extra = block >= blocks - long ? [all[short * blocks + block - (blocks - long)]] : []
            return common + extra
        }
    }

    /// Level (0 is L, 1 is M) and mask, from the bits beside the first finder.
    private func format() throws -> (level: Int, mask: Int) {
        let places = [(0, 8), (1, 8), (2, 8), (3, 8), (4, 8), (5, 8), (7, 8), (8, 8), (8, 7)].map { ($0.0, $0.1) }
        let word = places.prefix(5).reduce(0) { $0 << 1 | (modules[$1.1][$1.0] ? 1 : 0) } ^ 0b10101
        switch word >> 3 {
        case 0b01: return (0, word & 7)
        case 0b00: return (1, word & 7)
        default: throw Unreadable()
        }
    }

    /// All codewords, along the zigzag from the lower right.
    private func codewords() throws -> [UInt8] {
        let mask = try format().mask
        var bits: [Bool] = []
        var upwards = true
        for right in stride(from: size - 1, through: 1, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
            for row in 0..<size {
                let y = upwards ? size - 1 - row : row
                for x in [right, right - 1] where !isFunction(x: x, y: y) {
                    bits.append(modules[y][x] != Self.isMasked(mask, x: x, y: y))
                }
            }
            upwards.toggle()
        }
        return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    private func isFunction(x: Int, y: Int) -> Bool {
        let end = size - 8
        if x == 6 || y == 6 { return true }
        if (x <= 8 && y <= 8) || (x >= end && y <= 8) || (x <= 8 && y >= end) { return true }
        if version >= 7, (x >= size - 11 && y < 6) || (y >= size - 11 && x < 6) { return true }
        let centers = alignment
        guard let column = centers.firstIndex(where: { abs($0 - x) <= 2 }),
            let row = centers.firstIndex(where: { abs($0 - y) <= 2 })
        else { return false }
        let last = centers.count - 1
        return ![(0, 0), (0, last), (last, 0)].contains { $0 == (column, row) }
    }

    private var alignment: [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<count - 1).map { size - 7 - $0 * step }.reversed()
    }

    private static func isMasked(_ mask: Int, x: Int, y: Int) -> Bool {
        switch mask {
        case 0: (x + y) % 2 == 0
        case 1: y % 2 == 0
        case 2: x % 3 == 0
        case 3: (x + y) % 3 == 0
        case 4: (x / 3 + y / 2) % 2 == 0
        case 5: x * y % 2 + x * y % 3 == 0
        case 6: (x * y % 2 + x * y % 3) % 2 == 0
        default: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }

    /// Bytes of error correction in each block, and the number of blocks, by level and version.
    private static let correction = [
        [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26],
        [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28],
    ]
    private static let blocks = [
        [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12],
        [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21],
    ]
}

extension QRSymbol {
    /// What a camera reads of it.
    public func scan() throws -> String {
        try QRReader.text(of: GreyPicture(png: png(scale: 3)))
    }
}
