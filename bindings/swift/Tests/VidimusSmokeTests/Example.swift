import Foundation
import Vidimus

/// Has a license issued, and shows it as a QR that is new every ten seconds.
func showLicense(
    offer text: String, code: String, root: Data, authority: URL, folder: URL, show: (QRSymbol, LicenseStanding) -> Bool
) async throws {
    // A phone brings its own key store, over the Secure Enclave.
    let keys = try FileKeyStore(directory: folder.appending(path: "keys"))
    let directory = folder.appending(path: "wallet")
    let wallet = try await Wallet.create(at: directory, trusting: root, authority: authority, keyStore: keys)
    let offer = try await wallet.readOffer(text)
    let license = try await wallet.enroll(offer, txCode: code)
    let presentation = try await wallet.present(license)
    for try await frame in presentation.frames {
        guard show(frame.symbol, frame.standing) else { break }
    }
    try await presentation.end()
}

/// Follows a camera: `picture` gives all codes that it sees now, and `tell` shows what is new.
func readLicenses(
    _ authority: TrustedAuthority, folder: URL, picture: () async -> [String]?, tell: (String) -> Void
) async throws {
    let keys = try FileKeyStore(directory: folder.appending(path: "keys"))
    let book = try await ReaderBook.open(at: folder, keyStore: keys, keepsNumbers: true)
    try await book.trust(authority)
    try await book.refresh()  // trust list and statuses; checking needs no network
    let look = try book.look()  // one for each camera and each question
    while let texts = await picture() {
        for sight in try await look.take(texts) {
            switch sight {
            case .verdict(let it, _, _):
                if case .accept = it.verdict { tell("may drive") } else { tell("\(it.verdict.findings.reasons)") }
            case .portrait(let jpeg): tell("the face, \(jpeg.count) bytes")  // compare it with the person
            case .twoLicenses, .otherCode: tell("one license, please")  // takes the verdict off
            case .same, .face, .notAnAnswer: break
            }
        }
    }
}
