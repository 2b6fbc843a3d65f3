// Stand-in for SwiftUI: what fingers do.
public protocol Gesture<Value> {
    associatedtype Value
}
public struct _EndedGesture<Content: Gesture>: Gesture {
    public typealias Value = Content.Value
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
extension View {
    public nonisolated func gesture<T: Gesture>(_ gesture: T) -> some View { self }
    public nonisolated func simultaneousGesture<T: Gesture>(_ gesture: T) -> some View { self }
}
