// Stand-in for SwiftUI: what is told to VoiceOver.
public struct AccessibilityTraits: SetAlgebra, Sendable {
    public typealias Element = AccessibilityTraits
    public typealias ArrayLiteralElement = AccessibilityTraits
    private var bits: UInt32
    public init() { bits = 0 }
    private init(_ bits: UInt32) { self.bits = bits }
    public static let isButton = Self(1)
    public static let isHeader = Self(2)
    public static let isImage = Self(4)
    public static let isStaticText = Self(8)
    public static let updatesFrequently = Self(16)
    public static let isModal = Self(32)
    public static let isSelected = Self(64)
    public func contains(_ member: Self) -> Bool { bits & member.bits == member.bits }
    public func union(_ other: Self) -> Self { Self(bits | other.bits) }
    public func intersection(_ other: Self) -> Self { Self(bits & other.bits) }
    public func symmetricDifference(_ other: Self) -> Self { Self(bits ^ other.bits) }
    public mutating func insert(_ newMember: Self) -> (inserted: Bool, memberAfterInsert: Self) {
        defer { formUnion(newMember) }
        return (!contains(newMember), newMember)
    }
    public mutating func remove(_ member: Self) -> Self? { nil }
    public mutating func update(with newMember: Self) -> Self? { nil }
    public mutating func formUnion(_ other: Self) { bits |= other.bits }
    public mutating func formIntersection(_ other: Self) { bits &= other.bits }
    public mutating func formSymmetricDifference(_ other: Self) { bits ^= other.bits }
}
public struct AccessibilityChildBehavior: Hashable, Sendable {
    private init(_: ()) {}
    public static let ignore = Self(())
    public static let contain = Self(())
    public static let combine = Self(())
}
public struct AccessibilityActionKind: Equatable, Sendable {
    private init(_: ()) {}
    public static let `default` = Self(())
    public static let escape = Self(())
}
extension View {
    public nonisolated func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View { self }
    public nonisolated func accessibilityLabel(_ label: Text) -> some View { self }
    @_disfavoredOverload public nonisolated func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View { self }
    public nonisolated func accessibilityValue(_ valueDescription: Text) -> some View { self }
    @_disfavoredOverload public nonisolated func accessibilityValue<S: StringProtocol>(_ value: S) -> some View { self }
    public nonisolated func accessibilityHint(_ hint: Text) -> some View { self }
    @_disfavoredOverload public nonisolated func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View { self }
    public nonisolated func accessibilityHidden(_ hidden: Bool) -> some View { self }
    public nonisolated func accessibilityIdentifier(_ identifier: String) -> some View { self }
    public nonisolated func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { self }
    public nonisolated func accessibilityRemoveTraits(_ traits: AccessibilityTraits) -> some View { self }
    public nonisolated func accessibilitySortPriority(_ sortPriority: Double) -> some View { self }
    public nonisolated func accessibilityAction(
        _ actionKind: AccessibilityActionKind = .default, _ handler: @escaping () -> Void
    ) -> some View { self }
    public nonisolated func accessibilityFocused(_ condition: AccessibilityFocusState<Bool>.Binding) -> some View {
        self
    }
    public nonisolated func accessibilityFocused<Value: Hashable>(
        _ binding: AccessibilityFocusState<Value>.Binding, equals value: Value
    ) -> some View { self }
    public nonisolated func accessibilityIgnoresInvertColors(_ active: Bool = true) -> some View { self }
    public nonisolated func accessibilityShowsLargeContentViewer() -> some View { self }
}
public struct AccessibilityNotification {
    public struct Announcement {
        public init(_ announcement: String) {}
        public func post() {}
    }
    public struct ScreenChanged {
        public init() {}
        public func post() {}
    }
}
