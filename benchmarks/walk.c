/* The floor: a breadth-first walk over the same arrays, and nothing else. Returns how many nodes it reached. */
long walk(const int *starts, const int *ends, int origin, int *queue, int *depths, int *vias)
{
    long head = 0, tail = 1;
    queue[0] = origin;
    depths[origin] = 0;
    while (head < tail) {
        int node = queue[head++];
        for (int place = starts[node]; place < starts[node + 1]; place++) {
            int next = ends[place];
            if (depths[next] < 0) {
                depths[next] = depths[node] + 1;
                vias[next] = node;
                queue[tail++] = next;
            }
        }
    }
    for (long place = 0; place < tail; place++)
        depths[queue[place]] = -1; /* clean for the next walk */
    return tail - 1;
}
