// Stand-in for SwiftUI: what fingers do.
public protocol Gesture<Value> {
    associatedtype Value
}
public struct _EndedGesture<Content: Gesture>: Gesture {
    public typealias Value = Content.Value
}
public struct _ChangedGesture<Content: Gesture>: Gesture {
    public typealias Value = Content.Value
}
extension Gesture where Value: Equatable {
    public func onChanged(_ action: @escaping (Value) -> Void) -> _ChangedGesture<Self> { .init() }
}
extension Gesture {
    public func onEnded(_ action: @escaping (Value) -> Void) -> _EndedGesture<Self> { .init() }
}
public enum CoordinateSpace: Equatable, Hashable, Sendable { case global, local }
public struct DragGesture: Gesture {
    public struct Value: Equatable, Sendable {
        public var translation: CGSize { .zero }
        public var predictedEndTranslation: CGSize { .zero }
    }
    public init(minimumDistance: CGFloat = 10, coordinateSpace: CoordinateSpace = .local) {}
}
public struct SpatialTapGesture: Gesture {
    public struct Value: Equatable, Sendable {
        public var location: CGPoint { .zero }
    }
    public init(count: Int = 1, coordinateSpace: CoordinateSpace = .local) {}
}
public struct MagnifyGesture: Gesture {
    public struct Value: Equatable, Sendable {
        public var magnification: CGFloat { 1 }
    }
    public init(minimumScaleDelta: CGFloat = 0.01) {}
}
extension View {
    public nonisolated func gesture<T: Gesture>(_ gesture: T) -> some View { self }
    public nonisolated func simultaneousGesture<T: Gesture>(_ gesture: T) -> some View { self }
}
