package tensor.api;

import org.jspecify.annotations.Nullable;

/// How a tensor was made: the operation and its inputs. The graph of a computation is made of
/// these.
///
/// A node keeps its inputs reachable, not their memory alive: that belongs to their scope.
final class Node {
    final Op op;
    final Tensor[] inputs;

    /// The line that called the operation, in [AnomalyMode].
    final @Nullable StackTraceElement caller = AnomalyMode.caller();

    Node(Op op, Tensor[] inputs) {
        this.op = op;
        this.inputs = inputs;
    }
}
