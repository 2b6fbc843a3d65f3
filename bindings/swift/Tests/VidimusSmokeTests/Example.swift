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
