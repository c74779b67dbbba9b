package tensor.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import tensor.api.Tensor;

/// A state dict whose entries are taken out one by one.
final class SavedEntries {
    private final Map<String, Tensor> all;
    private final Map<String, Tensor> rest;

    SavedEntries(Map<String, Tensor> dict) {
        this.all = dict;
        this.rest = new LinkedHashMap<>(dict);
    }

    /// {@return what has not been taken}
    Map<String, Tensor> rest() {
        return rest;
    }

    boolean has(String key) {
        return rest.containsKey(key);
    }

    /// @throws IllegalArgumentException if there is none
    Tensor take(String key) {
        Tensor found = rest.remove(key);
        if (found == null) {
            throw new IllegalArgumentException(
                    "loadStateDict: no '%s'; found %s".formatted(key, all.keySet()));
        }
        return found;
    }

    /// {@return the count with this key}
    ///
    /// @throws IllegalArgumentException if there is none, or it is no number from 0
    long takeCount(String key) {
        Tensor found = take(key);
        SavedState.checkCount(key, found);
        return found.itemLong();
    }

    /// {@return the tensor with this key, on the device of `like`}
    ///
    /// @throws IllegalArgumentException if there is none, or its shape or type differs from that of `like`
    Tensor takeLike(String key, Tensor like) {
        Tensor found = take(key);
        if (!found.shape().equals(like.shape()) || found.dtype() != like.dtype()) {
            throw new IllegalArgumentException(
                    "loadStateDict: '%s' is %s %s, but %s %s is needed"
                            .formatted(
                                    key, found.shape(), found.dtype(), like.shape(), like.dtype()));
        }
        return found.to(like.device());
    }

    void checkEmpty(String where) {
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "loadStateDict: unknown %s; %s keeps no such state"
                            .formatted(rest.keySet(), where));
        }
    }
}
