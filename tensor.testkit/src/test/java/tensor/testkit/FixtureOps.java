package tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tensor.api.Axes;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// The operations of the fixtures, which have PyTorch's names and arguments, in our words.
final class FixtureOps {
    private FixtureOps() {}

    static Tensor apply(String op, Fixture attrs, List<Tensor> in) {
        Tensor x = in.getFirst();
        return switch (op) {
            case "neg" -> x.neg();
            case "exp" -> x.exp();
            case "log" -> x.log();
            case "sqrt" -> x.sqrt();
            case "rsqrt" -> x.sqrt().reciprocal();
            case "sin" -> x.sin();
            case "cos" -> x.cos();
            case "tanh" -> x.tanh();
            case "sigmoid" -> x.sigmoid();
            case "relu" -> x.relu();
            case "abs" -> x.abs();
            case "clamp" -> clamp(x, attrs);
            case "add" -> x.add(in.get(1));
            case "sub" -> x.sub(in.get(1));
            case "mul" -> x.mul(in.get(1));
            case "div" -> x.div(in.get(1));
            case "maximum" -> x.maximum(in.get(1));
            case "minimum" -> x.minimum(in.get(1));
            case "pow" -> x.pow(attrs.number("exponent"));
            case "where" -> Tensor.where(x, in.get(1), in.get(2));
            case "matmul" -> x.matMul(in.get(1));
            case "sum" -> x.sum(axes(attrs));
            case "mean" -> x.mean(axes(attrs));
            case "max", "amax" -> x.max(axes(attrs));
            case "min", "amin" -> x.min(axes(attrs));
            case "argmax" -> position(x, attrs, true);
            case "argmin" -> position(x, attrs, false);
            case "var" -> x.variance(axes(attrs), attrs.whole("correction"));
            case "std" -> x.variance(axes(attrs), attrs.whole("correction")).sqrt();
            case "reshape" -> x.reshape(attrs.wholes("shape"));
            case "permute" -> x.permute(attrs.wholes("dims"));
            case "transpose" -> x.transpose(attrs.whole("dim0"), attrs.whole("dim1"));
            case "expand" -> x.expand(filled(x, attrs.wholes("shape")));
            case "flip" -> x.flip(attrs.wholes("dims"));
            case "slice" -> slice(x, attrs);
            case "concat" -> Tensor.concat(attrs.whole("dim"), in.toArray(new Tensor[0]));
            case "stack" -> Tensor.stack(attrs.whole("dim"), in.toArray(new Tensor[0]));
            case "pad" -> pad(x, attrs);
            case "gather" -> x.gather(attrs.whole("dim"), in.get(1));
            case "index_select" -> x.indexSelect(attrs.whole("dim"), in.get(1));
            case "scatter_add" -> x.scatterAdd(attrs.whole("dim"), in.get(1), in.get(2));
            case "one_hot" -> x.oneHot(attrs.whole("num_classes"));
            default -> throw new IllegalArgumentException("there is no operation " + op);
        };
    }

    /// {@return the operands: the inputs seen through the views of the case}
    static List<Tensor> operands(Fixture attrs, List<Tensor> inputs) {
        List<Tensor> operands = new ArrayList<>(inputs);
        if (attrs.has("views")) {
            List<@Nullable Object> views = attrs.list("views");
            for (int i = 0; i < operands.size(); i++) {
                Object steps = views.get(i);
                if (steps != null) {
                    operands.set(i, view(inputs.get(i), steps));
                }
            }
        }
        return operands;
    }

    private static Tensor view(Tensor x, Object steps) {
        Tensor view = x;
        for (Fixture step : new Fixture(Map.of("steps", steps)).objects("steps")) {
            if (step.has("transpose")) {
                int[] axes = step.wholes("transpose");
                view = view.transpose(axes[0], axes[1]);
            } else if (step.has("permute")) {
                view = view.permute(step.wholes("permute"));
            } else if (step.has("slice")) {
                int[] slice = step.wholes("slice");
                view = view.slice(slice[0], slice[1], slice[2], slice[3]);
            } else {
                view = view.expand(filled(view, step.wholes("expand")));
            }
        }
        return view;
    }

    private static Axes axes(Fixture attrs) {
        Axes axes = attrs.has("dim") ? Axes.of(attrs.wholes("dim")) : Axes.all();
        return attrs.flag("keepdim") ? axes.keep() : axes;
    }

    private static Tensor position(Tensor x, Fixture attrs, boolean greatest) {
        Tensor along = attrs.has("dim") ? x : x.flatten();
        int axis = attrs.has("dim") ? attrs.whole("dim") : 0;
        Tensor position = greatest ? along.argMax(axis) : along.argMin(axis);
        return attrs.flag("keepdim") ? position.unsqueeze(axis) : position;
    }

    private static Tensor clamp(Tensor x, Fixture attrs) {
        double low = attrs.has("min") ? attrs.number("min") : Double.NEGATIVE_INFINITY;
        double high = attrs.has("max") ? attrs.number("max") : Double.POSITIVE_INFINITY;
        return x.clamp(low, high);
    }

    /// −1 stands for the size that is there.
    private static Shape filled(Tensor x, int[] sizes) {
        int added = sizes.length - x.rank();
        int[] filled = sizes.clone();
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == -1) {
                filled[axis] = x.size(axis - added);
            }
        }
        return Shape.of(filled);
    }

    private static Tensor slice(Tensor x, Fixture attrs) {
        Tensor sliced = x;
        int axis = 0;
        for (Object one : attrs.list("slices")) {
            List<@Nullable Object> slice =
                    new Fixture(Map.of("slice", Objects.requireNonNull(one))).list("slice");
            long start = slice.get(0) instanceof Double number ? number.longValue() : 0;
            long end = slice.get(1) instanceof Double number ? number.longValue() : Long.MAX_VALUE;
            long step = slice.get(2) instanceof Double number ? number.longValue() : 1;
            sliced = sliced.slice(axis++, start, end, step);
        }
        return sliced;
    }

    /// Before and after, in pairs that start with the last axis; below 0 is a crop.
    private static Tensor pad(Tensor x, Fixture attrs) {
        int[] pad = attrs.wholes("pad");
        Tensor padded = x;
        for (int i = 0; i < pad.length; i += 2) {
            int axis = -1 - i / 2;
            int end = padded.size(axis) + Math.min(0, pad[i + 1]);
            padded = padded.slice(axis, Math.max(0, -pad[i]), end);
            padded =
                    padded.pad(
                            axis,
                            Math.max(0, pad[i]),
                            Math.max(0, pad[i + 1]),
                            attrs.number("value"));
        }
        return padded;
    }
}
