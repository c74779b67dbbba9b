// Tiles of factors on their way from memory to local memory: TILE elements of the outer axis, DEPTH of the inner one. Each of
// THREADS threads carries PIECES of four elements in registers, while the tile before is multiplied. PACK elements that
// follow each other on the inner axis become one WORD.
#define PIECES (TILE * DEPTH / 4 / THREADS)
// Where a piece lies behind the first one.
#define OUTER_STEPS(piece) ((piece) * (THREADS / (DEPTH / 4)))
#define INNER_STEPS(piece) ((piece) / PACK * (THREADS / (TILE / 4)) * PACK + (piece) % PACK)

DEVICE Share JOINED(share_, NAME)(LONG at, LONG first, LONG outer, LONG inner, LONG outer_count, LONG inner_count) {
    Share x;
    x.outer = outer;
    x.inner = inner;
    x.reads_inner = inner == 1;
    x.is_aligned = ((at | (inner == 1 ? outer | inner_count : inner | outer_count)) & 3) == 0 && (inner == 1 || outer == 1);
    INT my_outer = x.reads_inner ? LOCAL_ID / (DEPTH / 4) : LOCAL_ID % (TILE / 4) * 4;
    INT my_inner = x.reads_inner ? LOCAL_ID % (DEPTH / 4) * 4 : LOCAL_ID / (TILE / 4) * PACK;
    x.at = at + (first + my_outer) * outer + my_inner * inner;
    x.outer_left = (INT)(outer_count - first) - my_outer;
    x.inner_left = (INT)inner_count - my_inner;
    return x;
}

// Reads the share of a tile, and goes on to the next.
DEVICE void JOINED(read_, NAME)(T (*pieces)[4], GLOBAL const T *x, Share *of, T beyond) {
    GLOBAL const T *from = x + of->at;
    UNROLL
    for (INT piece = 0; piece < PIECES; piece++) {
        INT outer_left = of->outer_left - (of->reads_inner ? OUTER_STEPS(piece) : 0);
        INT inner_left = of->inner_left - (of->reads_inner ? 0 : INNER_STEPS(piece));
        GLOBAL const T *four = from + (of->reads_inner ? OUTER_STEPS(piece) * of->outer : INNER_STEPS(piece) * of->inner);
        INT left = outer_left <= 0 || inner_left <= 0 ? 0 : of->reads_inner ? inner_left : outer_left;
        if (of->is_aligned) {
            QUAD(T) all;
            UNROLL
            for (INT i = 0; i < 4; i++) {
                all.at[i] = beyond;
            }
            if (left > 0) {
                all = *(GLOBAL const QUAD(T) *)four;
            }
            UNROLL
            for (INT i = 0; i < 4; i++) {
                pieces[piece][i] = all.at[i];
            }
        } else {
            LONG step = of->reads_inner ? 1 : of->outer;
            UNROLL
            for (INT i = 0; i < 4; i++) {
                pieces[piece][i] = i < left ? four[i * step] : beyond;
            }
        }
    }
    of->at += of->inner * DEPTH;
    of->inner_left -= DEPTH;
}

DEVICE void JOINED(write_, NAME)(LOCAL WORD *tile, T (*pieces)[4], const Share *of) {
    if (of->reads_inner) {
        INT outer = LOCAL_ID / (DEPTH / 4);
        INT word = LOCAL_ID % (DEPTH / 4) * 4 / PACK;
        UNROLL
        for (INT piece = 0; piece < PIECES; piece++) {
            UNROLL
            for (INT i = 0; i < 4; i += PACK) {
                tile[(word + i / PACK) * TILE + ((outer + OUTER_STEPS(piece)) ^ TURN(word + i / PACK))] =
                        WORD_OF(pieces[piece][i], pieces[piece][i + PACK - 1]);
            }
        }
    } else {
        INT outer = LOCAL_ID % (TILE / 4) * 4;
        UNROLL
        for (INT piece = 0; piece < PIECES; piece += PACK) {
            INT word = LOCAL_ID / (TILE / 4) + INNER_STEPS(piece) / PACK;
            QUAD(WORD) four;
            UNROLL
            for (INT i = 0; i < 4; i++) {
                four.at[i] = WORD_OF(pieces[piece][i], pieces[piece + PACK - 1][i]);
            }
            *(LOCAL QUAD(WORD) *)(tile + word * TILE + (outer ^ TURN(word))) = four;
        }
    }
}
