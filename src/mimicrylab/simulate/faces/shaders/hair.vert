uniform mat4 camera;
uniform float pixel;   // size of a pixel at distance 1 (units of the base mesh)
in vec3 position;
in vec3 tangent;
in vec3 side;      // offset across (-1, 1), half width, place along the strand (0 root, 1 tip)
in vec2 look;      // tint, how open to light
out vec3 v_position;
out vec3 v_tangent;
out vec3 v_side;
out vec2 v_look;
out float v_cover;
void main() {
    vec3 v = normalize(eye - position);
    vec3 across = normalize(cross(tangent, v));
    float least = 0.6 * pixel * length(eye - position);
    float half_width = max(side.y, least);
    v_cover = side.y / half_width;
    vec3 p = position + across * side.x * half_width;
    v_position = p;
    v_tangent = tangent;
    v_side = side;
    v_look = look;
    gl_Position = camera * vec4(p, 1.0);
}
