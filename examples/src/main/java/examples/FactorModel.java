package examples;

import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.nn.Init;
import tensor.nn.Module;

/// What a user thinks of an item: `mean + bias of the user + bias of the item + product of their factors`.
final class FactorModel extends Module {
    private final int rank;
    private final Parameter mean = parameter("mean", Shape.of(1), Init.zeros());
    private final Parameter users;
    private final Parameter items;

    /// @param rank how many factors
    FactorModel(int users, int items, int rank) {
        this.rank = rank;
        // The last column of each is the bias.
        this.users = parameter("users", Shape.of(users, rank + 1), Init.normal(0, 0.1));
        this.items = parameter("items", Shape.of(items, rank + 1), Init.normal(0, 0.1));
    }

    Parameter mean() {
        return mean;
    }

    Parameter users() {
        return users;
    }

    Parameter items() {
        return items;
    }

    /// {@return the factors of rows of [#users] or [#items], `[.., rank]`}
    Tensor factors(Tensor rows) {
        return rows.slice(-1, 0, rank);
    }

    /// {@return the biases of rows of [#users] or [#items], `[..]`}
    Tensor biases(Tensor rows) {
        return rows.select(-1, rank);
    }

    /// {@return what users think of items, `[pairs]`}
    Tensor predicted(Tensor user, Tensor item) {
        return combined(users.value().indexSelect(0, user), items.value().indexSelect(0, item));
    }

    /// {@return what rows of both sides make together}
    Tensor combined(Tensor user, Tensor item) {
        return factors(user)
                .mul(factors(item))
                .sum(-1)
                .add(biases(user))
                .add(biases(item))
                .add(mean.value());
    }

    /// {@return what users think of all items, `[users, items]`}
    Tensor scores(Tensor user) {
        var rows = users.value().indexSelect(0, user);
        return factors(rows)
                .matMul(factors(items.value()).t())
                .add(biases(rows).unsqueeze(1))
                .add(biases(items.value()))
                .add(mean.value());
    }
}
