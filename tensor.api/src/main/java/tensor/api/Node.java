package tensor.api;

/// How a tensor was made: the operation and its inputs. The graph of a computation is made of
/// these.
///
/// A node keeps its inputs reachable, not their memory alive: that belongs to their scope.
final class Node {
    final Op op;
    final Tensor[] inputs;

    Node(Op op, Tensor[] inputs) {
        this.op = op;
        this.inputs = inputs;
    }
}
