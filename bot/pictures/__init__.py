"""The drawing room: plain specs in, PNG bytes out. No numbers are worked out here; they come with the spec.

`specs` says what a picture shows, `captions` says the same in words, `drawing` draws it with matplotlib, `workshop`
lets a warm process of its own draw, so that nobody's text waits for it. What the bot itself imports (`specs`,
`captions`, `picture`, `workshop`) does without matplotlib.
"""
