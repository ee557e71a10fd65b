in vec3 v_position;
in vec3 v_normal;
in vec3 v_rest;
in vec4 v_masks;
in float v_open;
out vec4 colour;
uniform vec3 base;
uniform float wetness;
uniform float depth_fade;

void main() {
    vec3 n = normalize(v_normal), v = normalize(eye - v_position);
    if (dot(n, v) < 0.0) n = -n;
    float shade = find_shadow(v_position, n);
    float open = v_open * mix(1.0, clamp((v_position.z - 1.1) / 0.28, 0.03, 1.0), depth_fade);
    vec3 light = key_colour * clamp((dot(n, key_direction) + 0.3) / 1.3, 0.0, 1.0) * (0.45 + 0.55 * shade)
        + fill_colour * clamp(dot(n, fill_direction), 0.0, 1.0) + light_ambient(n);
    float g = reflect_gloss(n, key_direction, v, 0.3) * wetness * shade;
    colour = vec4(develop((base * light + key_colour * g) * open), 1.0);
}
