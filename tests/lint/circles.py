"""circles.py - circles in a graph of modules; a module is a .c and the .h of its name."""


def module_of(name):
    return name.rsplit(".", 1)[0]


def circles(edges):
    """Strongly connected components of more than one module. edges: {module: set of modules}."""
    order, seen = [], set()
    nodes = set(edges) | {to for targets in edges.values() for to in targets}
    for node in sorted(nodes):
        walk(node, edges, seen, order.append)
    backwards = {}
    for node, targets in edges.items():
        for to in targets:
            backwards.setdefault(to, set()).add(node)
    seen, found = set(), []
    for node in reversed(order):
        members = []
        walk(node, backwards, seen, members.append)
        if len(members) > 1:
            found.append(sorted(members))
    return sorted(found)


def walk(start, edges, seen, leave):
    """Depth first from start; calls leave(node) once all that node leads to is done."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, iter(sorted(edges.get(start, ()))))]
    while stack:
        node, targets = stack[-1]
        to = next((to for to in targets if to not in seen), None)
        if to is None:
            stack.pop()
            leave(node)
        else:
            seen.add(to)
            stack.append((to, iter(sorted(edges.get(to, ())))))


def complain_of(tree, edges, how):
    for members in circles(edges):
        tree.complain(members[0], 0, f"circle by {how}: {' '.join(members)}")
