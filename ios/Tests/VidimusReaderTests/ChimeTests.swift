import Foundation
import Testing
import VidimusApp

@testable import VidimusReader

/// The sound of a verdict.
@Suite struct ChimeTests {
    private static let tones: [Tone] = [.good, .caution, .bad, .unknown]

    private func number<Number: FixedWidthInteger>(_ file: Data, at place: Int, as: Number.Type) -> Number {
        let size = MemoryLayout<Number>.size
        return (0..<size).reduce(0) { $0 | Number(truncatingIfNeeded: file[place + $1]) << (8 * $1) }
    }

    @Test(arguments: tones) func itIsAFileThatSaysItsLength(tone: Tone) {
        let file = Chime.wave(of: tone)
        #expect(file.prefix(4) == Data("RIFF".utf8) && file[8..<16] == Data("WAVEfmt ".utf8))
        #expect(number(file, at: 4, as: UInt32.self) == UInt32(file.count - 8))
        #expect(number(file, at: 40, as: UInt32.self) == UInt32(file.count - 44))
        #expect(number(file, at: 24, as: UInt32.self) == UInt32(Chime.rate))
        let seconds = Chime.notes(of: tone).map(\.seconds).reduce(0, +)
        #expect(seconds < 0.6 && abs(Double(file.count - 44) / 2 / Double(Chime.rate) - seconds) < 0.001)
    }

    /// A jump from one sample to the next is heard as a click.
    @Test(arguments: tones) func nothingClicks(tone: Tone) {
        let file = Chime.wave(of: tone)
        let samples = stride(from: 44, to: file.count, by: 2).map { place in
            Int(Int16(bitPattern: number(file, at: place, as: UInt16.self)))
        }
        let jumps = zip(samples, samples.dropFirst()).map { abs($0 - $1) }
        #expect(samples.first == 0 && samples.last == 0 && jumps.max() ?? 0 < 5_000)
        #expect(samples.map(abs).max() ?? 0 > 10_000, "it is heard beside a road")
    }

    @Test func goodRisesBadFallsAndDoubtStays() {
        let pitches = Self.tones.map { Chime.notes(of: $0).map(\.hertz) }
        #expect(pitches[0][0] < pitches[0][1] && pitches[2][0] > pitches[2][1])
        #expect(pitches[1][0] == pitches[1][1] && pitches[1] == pitches[3])
    }
}
