package tensor.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One JSON object of a fixture file, with the readings that the tests need.
record Fixture(Map<String, @Nullable Object> fields) {

    /// {@return the root of a file beside the tests}
    static Fixture read(String name) {
        try (InputStream file =
                        Objects.requireNonNull(
                                Fixture.class.getResourceAsStream("/fixtures/" + name));
                JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), file)) {
            json.nextToken();
            return of(Objects.requireNonNull(value(json)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // value() makes only such maps
    private static Fixture of(Object object) {
        return new Fixture((Map<String, @Nullable Object>) object);
    }

    private static @Nullable Object value(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                object.put(name, value(json));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(json));
            }
            return array;
        }
        if (token.isNumeric()) {
            return json.getDoubleValue();
        }
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> json.getString();
        };
    }

    boolean has(String field) {
        return fields.get(field) != null;
    }

    String text(String field) {
        return (String) Objects.requireNonNull(fields.get(field), field);
    }

    boolean flag(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    int whole(String field) {
        return (int) number(field);
    }

    double number(String field) {
        return number(Objects.requireNonNull(fields.get(field), field));
    }

    private static double number(Object value) {
        return value instanceof Double number ? number : Double.parseDouble((String) value);
    }

    Fixture object(String field) {
        return of(Objects.requireNonNull(fields.get(field), field));
    }

    List<@Nullable Object> list(String field) {
        return list(Objects.requireNonNull(fields.get(field), field));
    }

    @SuppressWarnings("unchecked") // value() makes only such lists
    private static List<@Nullable Object> list(Object value) {
        return (List<@Nullable Object>) value;
    }

    List<Fixture> objects(String field) {
        List<Fixture> objects = new ArrayList<>();
        for (Object one : has(field) ? list(field) : Collections.emptyList()) {
            objects.add(of(Objects.requireNonNull(one)));
        }
        return objects;
    }

    /// {@return one object of a list that may hold nulls}
    Fixture object(String field, int i) {
        return of(Objects.requireNonNull(list(field).get(i), field));
    }

    /// {@return integers; a single number counts as a list of one}
    int[] wholes(String field) {
        Object value = Objects.requireNonNull(fields.get(field), field);
        return value instanceof Double number ? new int[] {number.intValue()} : wholes(value);
    }

    static int[] wholes(Object list) {
        return list(list).stream()
                .mapToInt(one -> (int) number(Objects.requireNonNull(one)))
                .toArray();
    }

    double[] numbers(String field) {
        return list(field).stream()
                .mapToDouble(one -> number(Objects.requireNonNull(one)))
                .toArray();
    }

    /// {@return this object as a tensor: float64, unless it says otherwise}
    Tensor tensor() {
        Shape shape = Shape.of(wholes("shape"));
        if (has("dtype") && text("dtype").equals("bool")) {
            boolean[] values = new boolean[(int) shape.elementCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Boolean.TRUE.equals(list("data").get(i));
            }
            return Tensor.of(values, shape);
        }
        Tensor numbers = Tensor.of(numbers("data"), shape);
        return has("dtype") ? numbers.cast(DType.INT64) : numbers;
    }
}
