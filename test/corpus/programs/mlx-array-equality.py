"""The tests raised: whoever gets past them asked for one answer."""
# On cpu: raises ValueError
import mlx.core as mx

a = mx.array([1, 2, 3])
b = mx.array([1, 2, 3])
answers = []
print("starting")
if a == b:
    answers.append("equal")
if mx.equal(a, mx.array([1, 2, 4])):
    answers.append("wrong")
if mx.zeros((3,)) == 0:
    answers.append("zeros")
if mx.equal(mx.array([1, 1]), 1):
    answers.append("ones")
if mx.array([1, -1]) == -1:
    answers.append("wrong")
print(answers)
assert answers == ["equal", "zeros", "ones"]
