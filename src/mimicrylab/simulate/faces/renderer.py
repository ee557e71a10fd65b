"""Pictures of a face, drawn by OpenGL without a screen (EGL; Mesa does it in software without a graphics card)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import DependencyError
from mimicrylab.simulate.faces.camera_view import CameraView, Light, look_at, project
from mimicrylab.simulate.faces.mesh import FloatArray

SAMPLES = 4
SHADOW_SIZE = 768
ALPHA_TO_COVERAGE = 0x809E
"""OpenGL's number for drawing what is partly transparent to a share of each pixel's samples (thin hair)."""
VERTEX = {"skin": "skin", "eye": "skin", "plain": "skin", "cloth": "skin", "hair": "hair", "backdrop": "backdrop"}
LAYOUT = {"surface": ("3f 3f 3f 4f 1f", ("position", "normal", "rest", "masks", "open_sky")),
          "ribbon": ("3f 3f 3f 2f", ("position", "tangent", "side", "look"))}  # fmt: skip


@dataclass(frozen=True)
class Drawable:
    """One thing to draw: which shader, its vertices as float32 ``[n, columns]``, triangles, and its settings.

    ``casts``: it throws a shadow; ``pushed_back``: whatever lies close before it covers it (an eye behind its lids);
    ``one_sided``: its inside is never seen.
    """

    shader: str
    vertices: NDArray[np.float32]
    triangles: NDArray[np.int32]
    layout: str = "surface"
    settings: Mapping[str, Any] = field(default_factory=dict)
    textures: Mapping[str, str] = field(default_factory=dict)
    casts: bool = True
    pushed_back: bool = False
    one_sided: bool = False


class Renderer:
    """Draws faces of one size. It holds the graphics context; everything that is drawn is handed in.

    Raises
    ------
    DependencyError
        moderngl is not installed, or no EGL library is found.
    """

    def __init__(self, width: int, height: int) -> None:
        try:
            import moderngl
        except ImportError as error:
            raise DependencyError("drawing faces needs moderngl", do='pip install "mimicrylab[faces]"') from error
        try:
            self._context = moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]
        except Exception as error:  # moderngl raises plain Exception where there is no EGL
            raise DependencyError(
                "no OpenGL without a screen was found",
                expected="EGL",
                do="Debian, Ubuntu: apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri",
            ) from error
        self.width, self.height = width, height
        self._programs = {name: self._compile(vertex, name) for name, vertex in VERTEX.items()}
        self._depth = self._context.program(vertex_shader=_read("depth.vert"), fragment_shader=_read("depth.frag"))
        self._textures: dict[str, Any] = {}
        size = (width, height)
        make = self._context
        self._canvas = make.framebuffer(
            make.renderbuffer(size, 4, samples=SAMPLES), make.depth_renderbuffer(size, samples=SAMPLES)
        )
        self._plain = make.simple_framebuffer(size)
        self._shadow = make.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        self._shadow.compare_func = ""
        self._shadow_canvas = make.framebuffer(depth_attachment=self._shadow)
        self._corners = make.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], dtype="f4").tobytes())
        self._enable = moderngl.DEPTH_TEST
        self._cull = moderngl.CULL_FACE
        self._context.enable_direct(ALPHA_TO_COVERAGE)
        self._strip = moderngl.TRIANGLE_STRIP

    def _compile(self, vertex: str, fragment: str) -> Any:
        common = _read("common.glsl")
        return self._context.program(
            vertex_shader=common + _read(f"{vertex}.vert"), fragment_shader=common + _read(f"{fragment}.frag")
        )

    def load_texture(self, name: str, pixels: NDArray[np.float32]) -> None:
        """Keep a picture ``[h, w, channels]`` under a name; an older one of this name goes."""
        if name in self._textures:
            self._textures.pop(name).release()
        height, width, channels = pixels.shape
        texture = self._context.texture((width, height), channels, pixels.astype("f2").tobytes(), dtype="f2")
        texture.build_mipmaps()
        texture.repeat_y = False
        self._textures[name] = texture

    def draw(self, things: list[Drawable], view: CameraView, light: Light) -> NDArray[np.uint8]:
        """Return a picture ``[height, width, 3]`` of these things."""
        shadow_matrix = light.frame_shadow()
        self._cast_shadows(things, shadow_matrix)
        context = self._context
        self._canvas.use()
        context.enable(self._enable)
        self._canvas.clear(0, 0, 0, 1)
        camera = project(view, self.width / self.height) @ look_at(view)
        self._shadow.use(0)
        pixel = 2 * np.tan(np.radians(view.angle) / 2) / self.height
        common = light.list_settings() | {"eye": view.position, "pixel": float(pixel)}
        for shader in self._programs.values():
            _set(shader, "camera", camera)
            _set(shader, "shadow_matrix", shadow_matrix)
            _set(shader, "shadow_map", 0)
            for name, value in common.items():
                _set(shader, name, value)
        backdrop = self._programs["backdrop"]
        _set(backdrop, "base", light.backdrop)
        _set(backdrop, "vignette", 1.0)
        context.vertex_array(backdrop, [(self._corners, "2f", "corner")]).render(self._strip)
        for thing in things:
            context.polygon_offset = (4.0, 600.0) if thing.pushed_back else (0.0, 0.0)
            if thing.one_sided:
                context.enable(self._cull)
            self._draw_thing(thing)
            context.disable(self._cull)
        context.polygon_offset = (0.0, 0.0)
        context.copy_framebuffer(self._plain, self._canvas)
        data = np.frombuffer(self._plain.read(components=3), dtype=np.uint8)
        return data.reshape(self.height, self.width, 3)[::-1].copy()

    def _draw_thing(self, thing: Drawable) -> None:
        shader = self._programs[thing.shader]
        for name, value in thing.settings.items():
            _set(shader, name, value)
        for place, (uniform, texture) in enumerate(thing.textures.items(), start=1):
            self._textures[texture].use(place)
            _set(shader, uniform, place)
        self._render(shader, thing, LAYOUT[thing.layout])

    def _cast_shadows(self, things: list[Drawable], matrix: FloatArray) -> None:
        self._shadow_canvas.use()
        self._context.enable(self._enable)
        self._shadow_canvas.clear(depth=1.0)
        _set(self._depth, "camera", matrix)
        for thing in things:
            if thing.casts:
                self._render(self._depth, thing, (LAYOUT[thing.layout][0], ("position",)))

    def _render(self, shader: Any, thing: Drawable, layout: tuple[str, tuple[str, ...]]) -> None:
        form, names = layout
        used = [name if name in shader else None for name in (*names, *[None] * 9)][: len(form.split())]
        parts = [part if name else f"{_count_bytes(part)}x" for part, name in zip(form.split(), used, strict=True)]
        vertices = self._context.buffer(thing.vertices.astype("f4").tobytes())
        triangles = self._context.buffer(thing.triangles.astype("i4").tobytes())
        array = self._context.vertex_array(
            shader, [(vertices, " ".join(parts), *[name for name in used if name])], triangles
        )
        array.render()
        for each in (array, vertices, triangles):
            each.release()

    def measure_depth(self, thing: Drawable, matrix: FloatArray) -> NDArray[np.float32]:
        """Return the depth (0 near, 1 far) of one thing seen through a matrix, ``[768, 768]``, row 0 at the bottom."""
        self._cast_shadows([thing], matrix)
        data = np.frombuffer(self._shadow.read(), dtype=np.float32)
        return data.reshape(SHADOW_SIZE, SHADOW_SIZE)

    def close(self) -> None:
        """Give the graphics context back."""
        self._context.release()


def _read(name: str) -> str:
    return (files("mimicrylab.simulate.faces") / "shaders" / name).read_text(encoding="utf-8")


def _count_bytes(form: str) -> int:
    return int(form.removesuffix("f")) * 4


def _set(shader: Any, name: str, value: Any) -> None:
    """Set a uniform, if this shader uses it."""
    if name not in shader:
        return
    uniform = shader[name]
    if isinstance(value, np.ndarray) and value.shape == (4, 4):
        uniform.write(value.T.astype("f4").tobytes())
    elif isinstance(value, (int, float)):
        uniform.value = value
    else:
        uniform.value = tuple(float(each) for each in value)
