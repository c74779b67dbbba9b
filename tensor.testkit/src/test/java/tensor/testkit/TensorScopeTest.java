package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Storage;

@ExtendWith(OnReference.class)
class TensorScopeTest {
    @Test
    void whatIsNotKeptIsReleasedAtTheEnd() {
        List<Tensor> seen = new ArrayList<>();

        TensorScope.run("train step 17", () -> seen.add(Tensor.zeros(Shape.of(64, 10))));

        var error = assertThrows(IllegalStateException.class, () -> seen.getFirst().add(1));
        assertEquals(
                "Tensor [64, 10] float32 was released with scope 'train step 17'; return it from the scope or keep(t)",
                error.getMessage());
    }

    @Test
    void everyUseOfAReleasedTensorIsAnError() {
        Tensor dead = TensorScope.call("gone", _ -> Tensor.of(1f, 2f));
        Tensor alive = Tensor.of(1f, 2f);
        List<Runnable> uses =
                List.of(
                        dead::exp,
                        dead::toFloats,
                        dead::copy,
                        () -> dead.reshape(2, 1),
                        () -> dead.slice(0, 0, 1),
                        () -> alive.add(dead),
                        () -> TensorScope.take(dead),
                        () -> TensorScope.run("inner", () -> TensorScope.give(dead)),
                        () -> TensorScope.call("inner", scope -> scope.keep(dead)));

        for (Runnable use : uses) {
            var error = assertThrows(IllegalStateException.class, use::run);
            assertEquals(
                    "Tensor [2] float32 was released with scope 'gone'; return it from the scope or keep(t)",
                    error.getMessage());
        }
    }

    @Test
    void theResultOfAScopeSurvives() {
        Tensor sum = TensorScope.get("sum", () -> Tensor.of(1f, 2f).add(1).sum());

        assertEquals(5, sum.item());
    }

    @Test
    void aScopeInAScopeHandsWhatItKeepsToTheOuterOne() {
        List<Tensor> kept = new ArrayList<>();

        TensorScope.run(
                "outer",
                () -> {
                    kept.add(TensorScope.call("inner", scope -> scope.keep(Tensor.of(1f))));
                    assertEquals(1, kept.getFirst().item());
                });

        var error = assertThrows(IllegalStateException.class, () -> kept.getFirst().item());
        assertEquals(
                "Tensor [1] float32 was released with scope 'outer'; return it from the scope or keep(t)",
                error.getMessage());
    }

    @Test
    void keepingAViewKeepsItsStorage() {
        Tensor row =
                TensorScope.get("rows", () -> Tensor.of(1f, 2f, 3f, 4f).reshape(2, 2).select(0, 1));

        assertArrayEquals(new float[] {3, 4}, row.toFloats());
    }

    @Test
    void aScopeReleasesWhatItMadeWhenItsBodyFails() {
        List<Tensor> seen = new ArrayList<>();

        assertThrows(
                UnsupportedOperationException.class,
                () ->
                        TensorScope.run(
                                "failing",
                                () -> {
                                    seen.add(Tensor.of(1f));
                                    throw new UnsupportedOperationException();
                                }));

        assertThrows(IllegalStateException.class, () -> seen.getFirst().item());
    }

    @Test
    void tensorsFromOutsideAreLeftAlone() {
        Tensor outside = Tensor.of(1f);

        TensorScope.call("scope", scope -> scope.keep(outside));
        TensorScope.run("scope", () -> outside.add(1));

        assertEquals(1, outside.item());
    }

    @Test
    void aLooseTensorCanBeAdopted() {
        Tensor loose = Tensor.of(1f);

        TensorScope.run("outer", () -> TensorScope.call("inner", scope -> scope.adopt(loose)));

        assertThrows(IllegalStateException.class, loose::item);
    }

    @Test
    void aTensorOfAnOuterScopeIsNotAdopted() {
        TensorScope.run(
                "outer",
                () -> {
                    Tensor mine = Tensor.of(1f);
                    TensorScope.call("inner", scope -> scope.adopt(mine));
                    assertEquals(1, mine.item());
                });
    }

    @Test
    void takingMovesWhatTheScopeOwnsAndCopiesWhatItDoesNot() {
        Tensor outside = Tensor.of(1f, 2f);
        List<Tensor> taken = new ArrayList<>();

        TensorScope.run(
                "step",
                () -> {
                    taken.add(TensorScope.take(Tensor.of(3f, 4f)));
                    taken.add(TensorScope.take(outside));
                });
        TensorScope.run("next", () -> taken.forEach(TensorScope::give));

        assertThrows(IllegalStateException.class, () -> taken.get(0).toFloats());
        assertThrows(IllegalStateException.class, () -> taken.get(1).toFloats());
        assertArrayEquals(new float[] {1, 2}, outside.toFloats());
    }

    @Test
    void givingOutsideOfScopesLeavesATensorLoose() {
        Tensor mine = TensorScope.take(Tensor.of(1f));

        TensorScope.give(mine);

        assertEquals(1, mine.item());
    }

    @Test
    void aScopeCanBeRunAgainAndReleasesWhatEachRunMade() {
        var scope = TensorScope.of("training batch");
        List<Tensor> seen = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            scope.run(() -> seen.add(Tensor.zeros(Shape.of(2))));
        }

        for (Tensor dead : seen) {
            assertThrows(IllegalStateException.class, dead::exp);
        }
        assertTrue(TensorScope.current().isEmpty());
    }

    @Test
    void aScopeThatIsOpenCannotBeRun() {
        var scope = TensorScope.of("training batch");

        var error =
                assertThrows(
                        IllegalStateException.class, () -> scope.run(() -> scope.run(() -> {})));

        assertEquals(
                "TensorScope.run: scope 'training batch' is open; make another one for what runs within it",
                error.getMessage());
        List<Tensor> seen = new ArrayList<>();
        scope.run(() -> seen.add(Tensor.zeros(Shape.of(2))));
        assertThrows(IllegalStateException.class, seen.getFirst()::exp);
    }

    @Test
    void whatIsMadeInALooseBodyBelongsToNoScope() {
        List<Tensor> inner = new ArrayList<>();

        Tensor outlives =
                TensorScope.call(
                        "outer",
                        _ ->
                                TensorScope.loose(() -> {
                                    assertTrue(TensorScope.current().isEmpty());
                                    TensorScope.run("inner", () -> inner.add(Tensor.of(3f)));
                                    return Tensor.of(1f, 2f);
                                }));
        Tensor alone = TensorScope.loose(() -> Tensor.of(4f));

        assertArrayEquals(new float[] {1, 2}, outlives.toFloats());
        assertArrayEquals(new float[] {4}, alone.toFloats());
        assertThrows(IllegalStateException.class, inner.getFirst()::exp);
    }

    @Test
    void afterALooseBodyThatFailsTheScopeAroundItIsOpenStill() {
        TensorScope.run(
                "outer",
                () -> {
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    TensorScope.loose(() -> {
                                        throw new IllegalArgumentException("mine");
                                    }));
                    assertEquals("outer", TensorScope.current().orElseThrow().name());
                });
    }

    @Test
    void theCurrentScopeIsTheInnermost() {
        assertTrue(TensorScope.current().isEmpty());
        TensorScope.call(
                "outer",
                outer ->
                        TensorScope.call(
                                "inner",
                                inner -> {
                                    assertSame(inner, TensorScope.current().orElseThrow());
                                    assertEquals("inner", inner.name());
                                    assertEquals("scope 'outer'", outer.toString());
                                    return inner;
                                }));
    }

    @Test
    void memoryWithoutAScopeIsReleasedWhenNothingRefersToIt() throws InterruptedException {
        var released = new CountDownLatch(1);
        new LeakyStorage(released::countDown).releaseWhenUnreachable();

        for (int i = 0; i < 200 && released.getCount() > 0; i++) {
            System.gc();
            released.await(20, TimeUnit.MILLISECONDS);
        }

        assertEquals(0, released.getCount());
    }

    private static final class LeakyStorage extends Storage {
        LeakyStorage(Runnable free) {
            super(new ReferenceBackend(), DType.FLOAT32, 1, free);
        }
    }
}
