uniform mat4 camera;
in vec3 position;
in vec3 normal;
in vec3 rest;
in vec4 masks;   // lips, eyelids, ears, inside of the mouth
in float open_sky;
out vec3 v_position;
out vec3 v_normal;
out vec3 v_rest;
out vec4 v_masks;
out float v_open;
void main() {
    v_position = position;
    v_normal = normal;
    v_rest = rest;
    v_masks = masks;
    v_open = open_sky;
    gl_Position = camera * vec4(position, 1.0);
}
