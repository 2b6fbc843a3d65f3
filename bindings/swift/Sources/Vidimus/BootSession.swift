import Foundation

/// Names this start of the device, in 16 bytes: with it the wallet is sure of a time that a server
/// told it since. `nil` where the library asks the system itself, as on Linux.
package let bootSession: Data? = {
    #if canImport(Darwin)
        var size = 0
        guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 0 else { return nil }
        var text = [UInt8](repeating: 0, count: size)
        guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0 else { return nil }
        let characters = text.prefix(size).prefix { $0 != 0 }
        guard let uuid = UUID(uuidString: String(decoding: characters, as: UTF8.self)) else { return nil }
        return withUnsafeBytes(of: uuid.uuid) { Data($0) }
    #else
        return nil
    #endif
}()
